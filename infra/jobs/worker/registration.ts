import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type JobType, jobType } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { keyOf, topics } from '../../../schemas/topics.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { toOutgoing, traceparentOfIds } from '../../kafka/envelope.ts';
import type { Log } from '../../kafka/port.ts';
import { JobError } from '../sdk/errors.ts';
import type { AnyJob } from '../sdk/job.ts';
import { limitsOf } from '../sdk/limits.ts';

/** Returns the JSON Schema 2020-12 of what a job takes or gives. Throws JOB_INVALID when a schema has no such form. */
function schemaOf(job: AnyJob, part: 'input' | 'output'): string {
  try {
    return JSON.stringify(z.toJSONSchema(job[part], { io: 'input' }));
  } catch (cause) {
    throw new JobError('JOB_INVALID', `job ${job.name}: its ${part} has no JSON Schema`, { cause });
  }
}

/** Returns the registration of a job. Throws JOB_INVALID when its input or output has no JSON Schema. */
export const typeOf = (job: AnyJob, queue: string, nowMs: number): JobType => ({
  ...{ type: job.name, version: job.version, queue, title: job.title },
  ...{ inputSchema: schemaOf(job, 'input'), outputSchema: schemaOf(job, 'output'), registeredAt: nowMs },
  limits: limitsOf(job),
  retry: {
    ...{ attemptsMax: job.retry.attempts, firstDelayMs: job.retry.firstDelayMs, delayMaxMs: job.retry.delayMaxMs },
  },
});

/** Returns whether a registration says something new. An older version does not replace a newer one. */
export function isNews(known: JobType | undefined, registered: JobType): boolean {
  if (known === undefined || known.version < registered.version) return true;
  if (known.version > registered.version) return false;
  return !isDeepStrictEqual(plain(known), plain(registered));
}

/** Returns what a registration says, as plain JSON: a decoded record has another prototype. */
const plain = (type: JobType): unknown => JSON.parse(JSON.stringify({ ...type, registeredAt: 0 }));

/** Appends the registrations. Rejects with the error of the log. */
export async function register(log: Log, decoder: RecordDecoder, types: readonly JobType[]): Promise<void> {
  if (types.length === 0) return;
  const appender = await log.appender();
  try {
    await appender.append(
      types.map((type) => {
        const record = jobType(type);
        const id = uuidV5(KHIPU_NAMESPACE, `job-type/${type.type}/${type.version}/${type.queue}/${type.registeredAt}`);
        return toOutgoing(decoder.codec, {
          ...{ topic: topics.jobsTypes.name, key: keyOf(record), record, id, tenantId: 'khipu', place: null },
          ...{ correlationId: id, causationId: id, timeMs: type.registeredAt, source: 'khipu/job-runner' },
          traceparent: traceparentOfIds(id, id),
        });
      }),
    );
  } finally {
    await appender.close();
  }
}
