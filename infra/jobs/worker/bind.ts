import type { Registry } from 'prom-client';
import type { JobTypes } from '../../../streams/tables/job-types.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { systemClock } from '../../kit/clock.ts';
import type { Switches } from '../../runner/kill-switches.ts';
import type { FollowedTable } from '../../runner/tables/follower.ts';
import type { PayloadFiles } from '../files/payloads.ts';
import { createJobRunner, type JobRunner } from './handler.ts';
import { createJobMetrics, type JobMetrics } from './metrics.ts';
import type { JobQueue } from './module.ts';
import { isNews, register, typeOf } from './registration.ts';

/** What the runner of a queue needs of its process. */
export interface QueueEnvironment {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly types: Pick<FollowedTable<JobTypes>, 'ready' | 'value'>;
  readonly switches: Switches;
  readonly files: PayloadFiles;
  readonly register: Registry;
}

/** One set of metrics per process: the queues of a process share it. */
const metricsOf = new WeakMap<Registry, JobMetrics>();

/**
 * Registers the jobs of a queue and returns the handler of their worker. Resolves when the registrations are in the log.
 * A job that another queue has registered is taken over: its next runs are sent to this one.
 */
export async function bindQueue({ queue, jobs }: JobQueue, environment: QueueEnvironment): Promise<JobRunner> {
  const { log, decoder, types, switches, files, register: registry } = environment;
  const nowMs = systemClock.now();
  const registered = jobs.map((job) => typeOf(job, queue, nowMs));
  await types.ready;
  const news = registered.filter((type) => isNews(types.value.get(type.type), type));
  await register(log, decoder, news);
  const metrics = metricsOf.get(registry) ?? createJobMetrics(registry);
  metricsOf.set(registry, metrics);
  return createJobRunner({ queue, jobs, switches, files, clock: systemClock, metrics });
}
