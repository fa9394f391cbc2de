import type { z } from 'zod';
import { cronCalendar } from '../../../infra/schedules/calendar.ts';
import { definitionOf, type ScheduleRow, type ScheduleRunRow } from '../../../projections/schedules/queries.ts';
import { dueTimes } from '../../../schemas/contexts/schedules/times.ts';
import { scheduleName } from '../../../schemas/contexts/schedules.ts';
import type { ScheduleDefined } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { retryBody } from '../jobs/retry.ts';
import type { scheduleBody, scheduleDefinedBody, scheduleRunBody, scheduleSummary } from './schemas.ts';

/** Due times that a schedule shows. */
const TIMES_SHOWN = 5;

const time = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));

/** What the body of a schedule is made from: the event that defined it, and what has become of it since. */
interface Known {
  readonly event: ScheduleDefined;
  readonly paused: boolean;
  readonly nextDueAt: number | null;
  readonly waiting: number;
  readonly pause: z.infer<typeof scheduleSummary>['pause'];
  readonly updatedAt: string;
}

function statusOf({ paused, nextDueAt }: Known): z.infer<typeof scheduleSummary>['status'] {
  if (paused) return 'paused';
  return nextDueAt === null ? 'finished' : 'active';
}

function summaryOf(known: Known): z.infer<typeof scheduleSummary> {
  const { scheduleId, version, principal, spec, createdAt } = known.event;
  return {
    ...{ schedule_id: scheduleName(scheduleId), status: statusOf(known), version, type: spec.job.type },
    ...{ cron: spec.cron, interval_ms: spec.intervalMs, time_zone: spec.timeZone, overlap: spec.overlap },
    ...{ note: spec.note, principal, next_due_at: time(known.nextDueAt), waiting: known.waiting },
    ...{ pause: known.pause, created_at: isoOf(createdAt), updated_at: known.updatedAt },
  };
}

/** Returns the next due times of a schedule. */
function timesShown({ event: { spec }, nextDueAt }: Known): string[] {
  if (nextDueAt === null) return [];
  const max = Math.min(TIMES_SHOWN, spec.maxRuns ?? TIMES_SHOWN);
  const range = { fromMs: nextDueAt, untilMs: Number.POSITIVE_INFINITY, max };
  return dueTimes(spec, range, cronCalendar).map(isoOf);
}

function definedOf(known: Known): z.infer<typeof scheduleDefinedBody> {
  const { spec, labels } = known.event;
  const { job } = spec;
  return {
    ...summaryOf(known),
    job: {
      ...{ type: job.type, input: JSON.parse(job.input) as unknown, lane: job.lane, tags: [...job.tags] },
      ...{ concurrency_key: job.concurrencyKey, deadline_ms: job.deadlineMs },
      retry: job.retry && retryBody(job.retry),
    },
    ...{ anchor: isoOf(spec.anchor), catch_up_ms: spec.catchUpMs, jitter_ms: spec.jitterMs },
    ...{ starts_at: time(spec.startsAt), ends_at: time(spec.endsAt), max_runs: spec.maxRuns },
    ...{ paused: known.paused, labels: [...labels], next_due_times: timesShown(known) },
  };
}

/** Returns the body of a schedule that was defined this moment. */
export const definedBody = (event: ScheduleDefined, timeMs: number): z.infer<typeof scheduleDefinedBody> => {
  const { paused, nextDueAt, waiting } = event;
  return definedOf({ event, paused, nextDueAt, waiting, pause: null, updatedAt: isoOf(timeMs) });
};

function knownOf(row: ScheduleRow): Known {
  const pause = row.pause as Partial<NonNullable<Known['pause']>> | null;
  return {
    ...{ event: definitionOf(row), paused: row.status === 'paused', waiting: row.waiting ?? 0 },
    nextDueAt: (row.next as { readonly due_at: number | null } | null)?.due_at ?? null,
    pause: pause?.reason === undefined ? null : { reason: pause.reason, paused_by: pause.paused_by ?? '' },
    updatedAt: row.updated_at ?? '',
  };
}

/** Returns the body of a schedule in a list. */
export const scheduleSummaryOf = (row: ScheduleRow): z.infer<typeof scheduleSummary> => summaryOf(knownOf(row));

/** Returns the body of a run. */
export const runOf = (run: ScheduleRunRow): z.infer<typeof scheduleRunBody> => ({
  ...{ run_id: run.run_id, due_at: run.due_at, status: run.status as z.infer<typeof scheduleRunBody>['status'] },
  ...{ reason: run.reason, job_id: run.job_id, fired_at: run.fired_at },
  code: (run.fault as { readonly code?: string } | null)?.code ?? null,
  until: run.status === 'skipped' ? run.until : null,
  ended_at: run.status === 'running' ? null : run.ended_at,
});

/** Returns the body of a schedule with its latest runs. */
export const scheduleOf = (row: ScheduleRow, runs: readonly ScheduleRunRow[]): z.infer<typeof scheduleBody> => ({
  ...definedOf(knownOf(row)),
  runs: runs.map(runOf),
});

/** Returns the URL of a schedule. */
export const scheduleUrl = (name: string): string => `/v1/schedules/${name}`;
