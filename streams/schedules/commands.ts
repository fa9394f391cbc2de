/** Governed commands to schedules. */

import { JOB_DELAY_MS_MAX, JOB_PAYLOAD_BYTES_MAX, JOB_TAGS_MAX } from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { dueTimes, specProblems } from '../../schemas/contexts/schedules/times.ts';
import { SCHEDULE_BACKFILL_MAX, scheduleIdOf, scheduleName } from '../../schemas/contexts/schedules.ts';
import {
  type BackfillSchedule,
  type BudgetShortfall,
  type DefineSchedule,
  type PolicyDecided,
  scheduleBackfilled,
  scheduleDefined,
  scheduleRefused,
  scheduleResumed,
} from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';
import { fire, firstAfter, type Moment, triggeredJobIdOf } from './runs.ts';
import { isKept, type Output, type Schedule, type ScheduleState } from './state.ts';

type Decided = Pick<PolicyDecided, 'decision' | 'budget' | 'command'>;
export type Command = RecordOf<'DefineSchedule' | 'ResumeSchedule' | 'TriggerSchedule' | 'BackfillSchedule'>;
type Refuse = (code: string, detail: string, shortfall?: BudgetShortfall | null) => readonly Output[];

/** A command, with where it was given. */
interface Given extends Moment {
  readonly tenantId: string;
}

export const UNKNOWN = 'No schedule of this name exists.';

/** Decides on a command. A schedule of another tenant does not exist. */
export function commanded(state: ScheduleState, command: Command, decided: Decided, given: Given): readonly Output[] {
  const { scheduleId, principal } = command.data;
  const { decision } = decided;
  const refuse: Refuse = (code, detail, shortfall = null) => [
    scheduleRefused({ scheduleId, principal, code, detail, decision, shortfall, version: versionOf(state, given) }),
  ];
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  const isOwn = scheduleId === scheduleIdOf(given.tenantId, scheduleName(scheduleId));
  if (command.type === 'DefineSchedule')
    return isOwn
      ? defined(state, command.data, decision.decisionId, given, refuse)
      : refuse('RESOURCE_UNKNOWN', UNKNOWN);
  if (!isOwn || !isKept(state)) return refuse('RESOURCE_UNKNOWN', UNKNOWN);
  switch (command.type) {
    case 'ResumeSchedule':
      if (state.status !== 'paused') return refuse('SCHEDULE_NOT_PAUSED', 'The schedule is not paused.');
      return [scheduleResumed({ scheduleId, resumedBy: principal, nextDueAt: firstAfter(state, given) })];
    case 'TriggerSchedule': {
      const jobId = triggeredJobIdOf(scheduleId, decision.decisionId);
      return fire(state, given, { dueAt: given.nowMs, reason: 'trigger', jobId });
    }
    case 'BackfillSchedule':
      return backfilled(state, command.data, given, refuse);
    default:
      return assertNever(command);
  }
}

/** Returns the version of the schedule of the tenant; 0 when it has none. */
export const versionOf = (state: ScheduleState, { tenantId }: Pick<Given, 'tenantId'>): number =>
  isKept(state) && state.tenantId === tenantId ? state.version : 0;

/** Returns why a definition of a version may not be made of what there is; null when it may. */
function conflictOf(
  version: number,
  expected: number | null,
): { readonly code: string; readonly detail: string } | null {
  if (expected === 0)
    return version === 0
      ? null
      : { code: 'PRECONDITION_REQUIRED', detail: 'A schedule of this name exists: replace it by its ETag.' };
  if (version === 0) return { code: 'RESOURCE_UNKNOWN', detail: UNKNOWN };
  return expected === null || expected === version
    ? null
    : { code: 'PRECONDITION_FAILED', detail: `The schedule has version ${version}, not ${expected}.` };
}

/** Creates a schedule, or replaces one: what runs and what waits goes on. */
function defined(
  state: ScheduleState,
  { spec: wanted, paused, expectedVersion, ...asked }: DefineSchedule,
  decisionId: string,
  given: Given,
  refuse: Refuse,
): readonly Output[] {
  const { nowMs, calendar, tenantId } = given;
  const conflict = conflictOf(versionOf(state, given), expectedVersion);
  if (conflict !== null) return refuse(conflict.code, conflict.detail);
  const problems = specProblems(wanted, calendar);
  if (problems.length > 0)
    return refuse('SCHEDULE_INVALID', problems.map(({ field, detail }) => `${field}: ${detail}`).join('; '));
  const { job } = wanted;
  const bytes = Buffer.byteLength(job.input);
  if (bytes > JOB_PAYLOAD_BYTES_MAX)
    return refuse('JOB_INPUT_TOO_LARGE', `The input has ${bytes} bytes; ${JOB_PAYLOAD_BYTES_MAX} are allowed.`);
  if (job.deadlineMs !== null && (job.deadlineMs < 1 || job.deadlineMs > JOB_DELAY_MS_MAX))
    return refuse('SCHEDULE_INVALID', `job.deadline_ms: Expected 1 to ${JOB_DELAY_MS_MAX}`);
  const spec = { ...wanted, job: { ...job, tags: job.tags.slice(0, JOB_TAGS_MAX) } };
  const known = isKept(state) ? state : { version: 0, createdAt: nowMs, waiting: [] };
  const nextDueAt = paused ? null : firstAfter({ spec, taken: 0 }, { nowMs, calendar });
  return [
    scheduleDefined({
      ...{ ...asked, tenantId, version: known.version + 1, createdAt: known.createdAt },
      ...{ spec, paused, nextDueAt, waiting: known.waiting.length, decisionId },
    }),
  ];
}

/** Lets past due times wait for their runs, except those that wait already. */
function backfilled(
  { spec, nextDueAt, waiting }: Schedule,
  { scheduleId, principal: requestedBy, from: fromMs, until, overlap }: BackfillSchedule,
  { nowMs: requestedAt, calendar }: Given,
  refuse: Refuse,
): readonly Output[] {
  const untilMs = Math.min(until, nextDueAt ?? requestedAt, requestedAt);
  const max = SCHEDULE_BACKFILL_MAX + 1;
  const times = dueTimes(spec, { fromMs, untilMs, max }, calendar);
  const waitsAlready = new Set(waiting.map(({ dueAt }) => dueAt));
  const wanted = times.filter((dueAt) => !waitsAlready.has(dueAt));
  const others = waiting.filter((each) => each.from === 'backfill').length;
  if (wanted.length + others > SCHEDULE_BACKFILL_MAX)
    return refuse(
      'SCHEDULE_BACKFILL_TOO_LARGE',
      `At most ${SCHEDULE_BACKFILL_MAX} due times may wait; ${others} do already. Choose a shorter time.`,
    );
  const left = waiting.length + wanted.length;
  return [scheduleBackfilled({ scheduleId, dueTimes: wanted, overlap, requestedBy, requestedAt, waiting: left })];
}
