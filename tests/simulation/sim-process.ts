import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import { MemoryLog } from '../../infra/kafka/memory/log.ts';
import { StateError } from '../../infra/kafka/runner/inspect.ts';
import { createRunnerMetrics } from '../../infra/kafka/runner/metrics.ts';
import {
  groupOf,
  type ProcessorRunner,
  type Runner,
  type RunnerDependencies,
  runProcessor,
} from '../../infra/kafka/runner/processor-runner.ts';
import { runWorker } from '../../infra/kafka/runner/worker-runner.ts';
import { count, decoder, relayOf, tally, work, workHandler } from './load.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Owner, Scheduler } from './scheduler.ts';

/** As the drivers have it: a member may be expelled for seconds before it hears of it. */
const HEARTBEAT_MS = 1_500;

const logger = pino({ level: 'silent' });
/** Shared by all: nothing here reads them, and they are the slowest thing to make. */
const metrics = createRunnerMetrics(new Registry());

/** One process that runs every processor and the worker over the real runner, until it dies, stops or the schedule ends. */
export class SimProcess implements Owner {
  readonly name: string;
  dead = false;
  frozenUntil = 0;
  readonly #runners: readonly Runner[];
  readonly #processors: readonly ProcessorRunner[];

  constructor(
    name: string,
    world: {
      readonly scheduler: Scheduler;
      readonly network: Network;
      readonly random: Random;
      readonly broker: MemoryBroker;
      readonly isMended: () => boolean;
      readonly onFatal: (error: unknown) => void;
    },
  ) {
    this.name = name;
    const { scheduler, network, random, broker, isMended, onFatal } = world;
    const clock = scheduler.clockOf(this);
    const log = new MemoryLog({ broker, clock, yield: network.passOf(this), heartbeatMs: HEARTBEAT_MS });
    const dependencies: RunnerDependencies = { log, decoder, metrics, logger, clock, onFatal };
    const handler = workHandler(random, (ms) => clock.sleep(ms));
    this.#processors = [count, relayOf(isMended), tally].map((each) => runProcessor(each, dependencies));
    this.#runners = [...this.#processors, runWorker(work, handler, dependencies)];
  }

  /** What `khipu state get` would show of a key; undefined where this process has nothing of it. */
  shown(group: string, key: string): unknown {
    const runner = this.#processors.find(({ name }) => groupOf(name) === group);
    try {
      return runner?.inspect(key).state;
    } catch (error) {
      if (error instanceof StateError) return undefined;
      throw error;
    }
  }

  /** Leaves in good order. May be killed meanwhile. */
  async stop(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.close()));
    this.dead = true;
  }
}
