/** Sample records of one schedule, for tests: valid, small, and different only where a test says so. */
import type { Calendar } from '../../schemas/contexts/schedules/times.ts';
import {
  type DefineSchedule,
  defineSchedule,
  type ScheduleDefined,
  type ScheduledJob,
  type ScheduleSpec,
  scheduleDefined,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { decisionOn } from '../testing.ts';

export const SCHEDULE = 'demo/nightly';
/** Time at which the in-memory driver begins. */
export const START_MS = Date.UTC(2026, 0, 1);
export const HOUR_MS = 3_600_000;

/** A calendar of one pattern, `hourly`. */
export const hourly: Calendar = {
  next: (cron, _, afterMs) => (cron === 'hourly' ? (Math.floor(afterMs / HOUR_MS) + 1) * HOUR_MS : null),
  cronProblem: (cron) => (cron === 'hourly' ? null : 'Expected hourly'),
  isTimeZone: (zone) => zone === 'UTC',
};

export const aJob = (changes: Partial<ScheduledJob> = {}): ScheduledJob => ({
  ...{ type: 'report', input: '{"of":"may"}', lane: 'standard', concurrencyKey: null, retry: null },
  ...{ deadlineMs: null, tags: ['night'], ...changes },
});

export const aSpec = (changes: Partial<ScheduleSpec> = {}): ScheduleSpec => ({
  ...{ job: aJob(), cron: null, intervalMs: HOUR_MS, anchor: 0, timeZone: 'UTC', overlap: 'skip' },
  ...{ catchUpMs: 60_000, jitterMs: 0, startsAt: null, endsAt: null, maxRuns: null, note: '', ...changes },
});

export const owner = { principal: 'key-1', capabilities: ['*'], credential: null, labels: ['internal'] };

export const aDefinition = (
  spec: Partial<ScheduleSpec> = {},
  changes: Partial<DefineSchedule> = {},
): RecordOf<'DefineSchedule'> =>
  defineSchedule({ ...owner, scheduleId: SCHEDULE, spec: aSpec(spec), paused: false, expectedVersion: 0, ...changes });

/** Returns the event of an accepted definition. */
export const defined = (
  spec: Partial<ScheduleSpec> = {},
  changes: Partial<ScheduleDefined> = {},
): RecordOf<'ScheduleDefined'> =>
  scheduleDefined({
    ...{ ...owner, scheduleId: SCHEDULE, tenantId: 'demo', version: 1, createdAt: START_MS, spec: aSpec(spec) },
    ...{ paused: false, nextDueAt: START_MS + HOUR_MS, waiting: 0 },
    ...{ decisionId: decisionOn(aDefinition(spec)).data.decision.decisionId, ...changes },
  });
