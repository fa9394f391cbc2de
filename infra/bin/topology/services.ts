import { Registry } from 'prom-client';
import { allTopics } from '../../../schemas/topics.ts';
import { configured, declaredTopologies } from '../../../streams/all.ts';
import { otherLayout, type Topology, type TopologyLayout } from '../../../streams/kernel.ts';
import type { Config } from '../../config.ts';
import { expectStopped } from '../../growth/ready.ts';
import { connectKafka } from '../../kafka/connect.ts';
import { KafkaJsAdmin } from '../../kafka/kafkajs/admin.ts';
import { GROUPS_OF_READS } from '../../kafka/kafkajs/log.ts';
import { systemClock } from '../../kit/clock.ts';
import { createLogger } from '../../kit/logger.ts';
import type { RunnerDependencies } from '../../runner/lives.ts';
import { createRunnerMetrics } from '../../runner/metrics.ts';
import { needsOf } from '../needs.ts';

const CLIENT = 'topology';

/** What the commands on topologies need. */
export interface TopologyServices {
  readonly dependencies: RunnerDependencies;
  /** Returns the topologies of a layout that the other layout has not. */
  readonly topologiesOf: (layout: TopologyLayout) => readonly Topology[];
  /** Rejects with PLATFORM_RUNNING while a consumer group has members. */
  readonly expectStopped: () => Promise<void>;
}

/** Returns the declared topologies of a layout that the other layout has not. */
export function switchedTopologies(layout: TopologyLayout): readonly Topology[] {
  const others = new Set(declaredTopologies(otherLayout(layout)).map(({ name }) => name));
  return declaredTopologies(layout).filter(({ name }) => !others.has(name));
}

/** Runs work with the services, and closes them afterwards. */
export async function withTopologies<T>(config: Config, work: (services: TopologyServices) => Promise<T>): Promise<T> {
  const logger = createLogger(CLIENT, 'fatal');
  const kafka = await connectKafka(config, CLIENT, logger);
  const admin = new KafkaJsAdmin({
    ...{ brokers: config.brokers, login: config.kafkaLogin, clientId: `khipu-${CLIENT}`, logger },
  });
  const needs = needsOf(config);
  try {
    return await work({
      dependencies: {
        ...{ log: kafka.log, decoder: kafka.decoder, logger, clock: systemClock },
        metrics: createRunnerMetrics(new Registry()),
        onFatal: () => undefined,
      },
      topologiesOf: (layout) => switchedTopologies(layout).map((declared) => configured(declared, needs)),
      expectStopped: () =>
        expectStopped({ admin, readsOfTools: [GROUPS_OF_READS] }, new Set(allTopics.map(({ name }) => name))),
    });
  } finally {
    await admin.close();
    await kafka.close();
  }
}
