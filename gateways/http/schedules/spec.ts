import type { z } from 'zod';
import { cronCalendar } from '../../../infra/schedules/calendar.ts';
import { type SpecProblem, specProblems } from '../../../schemas/contexts/schedules/times.ts';
import type { ScheduleSpec } from '../../../schemas/generated/records.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { inputOf, typeOf } from '../jobs/input.ts';
import { retryOf } from '../jobs/retry.ts';
import type { previewScheduleBody, putScheduleBody } from './schemas.ts';

const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

type Times = Omit<z.output<typeof previewScheduleBody>, 'job' | 'count' | 'after'>;

/** Throws Problem REQUEST_INVALID with a pointer to each field that makes no schedule. */
function requireValid(spec: ScheduleSpec): ScheduleSpec {
  const problems = specProblems(spec, cronCalendar);
  if (problems.length === 0) return spec;
  const text = ({ field, detail }: SpecProblem) => `${field}: ${detail}`;
  const errors = problems.map(({ field, detail }) => ({ in: 'body' as const, pointer: `#/${field}`, detail }));
  throw new Problem('REQUEST_INVALID', problems.map(text).join('; '), { errors });
}

/** Returns the spec of a body with its job. Throws Problem REQUEST_INVALID with pointers. */
const specWith = (body: Times, job: ScheduleSpec['job']): ScheduleSpec =>
  requireValid({
    ...{
      job,
      cron: body.cron,
      intervalMs: body.interval_ms,
      anchor: Date.parse(body.anchor),
      timeZone: body.time_zone,
    },
    ...{ overlap: body.overlap, catchUpMs: body.catch_up_ms, jitterMs: body.jitter_ms, maxRuns: body.max_runs },
    ...{ startsAt: timeOf(body.starts_at), endsAt: timeOf(body.ends_at), note: body.note },
  });

/** Returns the spec of a preview: when, without what. Throws Problem REQUEST_INVALID with pointers. */
export const previewSpecOf = (body: Times): ScheduleSpec =>
  specWith(body, {
    ...{ type: '', input: 'null', lane: '', concurrencyKey: null, retry: null, deadlineMs: null, tags: [] },
  });

/**
 * Returns the spec of a body. Throws Problem REQUEST_INVALID with pointers, and what the start of its job would throw:
 * JOB_TYPE_UNKNOWN, JOB_INPUT_INVALID, JOB_INPUT_TOO_LARGE, LOG_UNAVAILABLE.
 */
export function specOf(
  { job, ...body }: z.output<typeof putScheduleBody>,
  tables: Pick<GatewayServices['tables'], 'jobTypes'>,
): ScheduleSpec {
  const { type, lane, tags, retry } = job;
  return specWith(body, {
    ...{ type, lane, tags, input: inputOf(typeOf(tables, type), job.input, 'job/input') },
    ...{ concurrencyKey: job.concurrency_key, deadlineMs: job.deadline_ms },
    retry: retryOf(retry),
  });
}
