import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expectEpoch } from '../../infra/kafka/layout.ts';
import { MemoryLog } from '../../infra/kafka/memory/log.ts';
import type { Clock } from '../../infra/kit/clock.ts';
import { codeOf } from '../../infra/kit/errors.ts';
import type { Runner, RunnerDependencies } from '../../infra/runner/lives.ts';
import { createRunnerMetrics } from '../../infra/runner/metrics.ts';
import { StateError } from '../../infra/runner/processor/inspect.ts';
import { runProcessor, runTopology, type TopologyRunner } from '../../infra/runner/processor/runner.ts';
import { runWorker } from '../../infra/runner/worker/runner.ts';
import { chainOf, decoder, tally, work, workHandler } from './load.ts';
import type { Owner } from './scheduler.ts';
import type { World } from './world.ts';

/** Heartbeat interval of the drivers: a member may be expelled for seconds before it learns of it. */
const HEARTBEAT_MS = 1_500;

const logger = pino({ level: 'silent' });
/** Shared by all processes: the metrics are not read here, and are slow to create. */
const metrics = createRunnerMetrics(new Registry());

/** Returns the services of a runner. */
export const servicesOf = (log: MemoryLog, clock: Clock, onFatal: (error: unknown) => void): RunnerDependencies => ({
  log,
  decoder,
  metrics,
  logger,
  clock,
  onFatal,
});

/**
 * One process that runs every processor and the worker over the production runner, until it dies, stops or the schedule
 * ends.
 */
export class SimProcess implements Owner {
  readonly name: string;
  dead = false;
  frozenUntil = 0;
  readonly #runners: readonly Runner[];
  readonly #topologies: readonly TopologyRunner[];

  constructor(name: string, { scheduler, network, random, broker, isFixed, layout, onFatal }: World) {
    this.name = name;
    const clock = scheduler.clockOf(this);
    const log = new MemoryLog({ broker, clock, yield: network.passOf(this), heartbeatMs: HEARTBEAT_MS });
    const { epoch, topologies } = layout;
    const dependencies: RunnerDependencies = {
      ...servicesOf(log, clock, (error) => {
        if (codeOf(error) !== 'LAYOUT_CHANGED') return onFatal(error);
        scheduler.kill(this);
      }),
      mayTakeOver: () => expectEpoch(log, epoch),
    };
    const handler = workHandler(random, (ms) => clock.sleep(ms));
    this.#topologies = [
      ...chainOf(isFixed, topologies).map((each) => runTopology(each, dependencies)),
      runProcessor(tally, dependencies),
    ];
    this.#runners = [...this.#topologies, runWorker(work, handler, dependencies)];
  }

  /**
   * Returns the state that `khipu state get` would show of a key of a processor; undefined when this process does not
   * hold it.
   */
  shown(processor: string, key: string): unknown {
    const runner = this.#topologies.find(({ members }) => members.includes(processor));
    try {
      return runner?.inspect(processor, key).state;
    } catch (error) {
      if (error instanceof StateError) return undefined;
      throw error;
    }
  }

  /** Stops gracefully. May be killed meanwhile. */
  async stop(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.close()));
    this.dead = true;
  }
}
