import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_PAYLOAD_BYTES_MAX } from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  SCHEDULE_BACKFILL_MAX,
  SCHEDULE_BUFFER_MAX,
  SCHEDULE_RUNNING_MAX,
  SCHEDULE_STEP_MAX,
} from '../../schemas/contexts/schedules.ts';
import {
  type AnyRecord,
  backfillSchedule,
  cancelScheduledJob,
  endScheduledJob,
  fireSchedule,
  pauseSchedule,
  removeSchedule,
  resumeSchedule,
  type ScheduleFired,
  type ScheduleSkipped,
  type ScheduleSpec,
  scheduleBackfilled,
  scheduleBuffered,
  scheduledJobEnded,
  scheduleFired,
  schedulePaused,
  scheduleRefused,
  scheduleRemoved,
  scheduleResumed,
  scheduleSkipped,
  startScheduledJob,
  triggerSchedule,
} from '../../schemas/generated/records.ts';
import type { GovernedCommand } from '../../schemas/governed.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { jitterOf, jobIdOf, triggeredJobIdOf } from './runs.ts';
import { schedules } from './schedules.ts';
import { aDefinition, aJob, defined, HOUR_MS, hourly, owner, SCHEDULE, START_MS } from './testing.ts';

const { given, when } = scenarios(schedules(hourly), { startMs: START_MS });

const scheduleId = SCHEDULE;
/** The nth due time after the start. */
const dueAt = (n: number): number => START_MS + n * HOUR_MS;
const jobId = (n: number): string => jobIdOf(SCHEDULE, START_MS, dueAt(n));
const timer = (n: number) => fireSchedule({ scheduleId, dueAt: dueAt(n) });
/** What follows when a due time comes so late. */
const came = (n: number, lateMs: number, ...history: readonly AnyRecord[]) =>
  scenarios(schedules(hourly), { startMs: dueAt(n) + lateMs })
    .given(...history)
    .when(timer(n));
/** A schedule whose timers are set. */
const set = (spec: Partial<ScheduleSpec> = {}) => decisionOn(aDefinition(spec));
const fired = (n: number, changes: Partial<ScheduleFired> = {}) =>
  scheduleFired({
    ...{ scheduleId, dueAt: dueAt(n), jobId: jobId(n), reason: 'due', nextDueAt: dueAt(n + 1), waiting: 0 },
    ...changes,
  });
const start = (n: number, changes: Partial<ReturnType<typeof startScheduledJob>['data']> = {}) => {
  const { deadlineMs: _, ...job } = aJob();
  return startScheduledJob({
    ...{ ...owner, ...job, jobId: jobId(n), scheduleId, dueAt: dueAt(n), deadline: null },
    ...changes,
  });
};
const skipped = (n: number, reason: string, changes: Partial<ScheduleSkipped> = {}) =>
  scheduleSkipped({
    ...{ scheduleId, dueAt: dueAt(n), until: null, reason, nextDueAt: dueAt(n + 1), waiting: 0, ...changes },
  });
const buffered = (n: number, waiting = 1) =>
  scheduleBuffered({ scheduleId, dueAt: dueAt(n), nextDueAt: dueAt(n + 1), waiting });
const end = (n: number, outcome = 'completed', code: string | null = null) =>
  endScheduledJob({ scheduleId, jobId: jobId(n), outcome, code });
const ended = (n: number, endedAt: number, reason = 'due') =>
  scheduledJobEnded({
    scheduleId,
    jobId: jobId(n),
    dueAt: dueAt(n),
    reason,
    outcome: 'completed',
    code: null,
    endedAt,
  });
const refused = (command: GovernedCommand, code: string, detail: string, version = 0) => {
  const { decision } = decisionOn(command).data;
  return scheduleRefused({ scheduleId, principal: 'key-1', code, detail, decision, shortfall: null, version });
};

const resume = resumeSchedule({ scheduleId, ...owner });
const trigger = triggerSchedule({ scheduleId, ...owner });
const backfill = (from: number, until: number, overlap = 'buffer_all') =>
  backfillSchedule({ scheduleId, ...owner, from, until, overlap });
const pause = pauseSchedule({ scheduleId, principal: 'ana', reason: 'a move' });
const paused = schedulePaused({ scheduleId, pausedBy: 'ana', reason: 'a move' });
const remove = removeSchedule({ scheduleId, principal: 'ana' });

describe('the definition of a schedule', () => {
  it('is kept with its first due time', () => {
    when(decisionOn(aDefinition())).then(defined());
    when(decisionOn(aDefinition({ intervalMs: null, cron: 'hourly' }))).then(
      defined({ intervalMs: null, cron: 'hourly' }),
    );
  });

  it('has no due time while it is paused, after its end, and before its begin', () => {
    const nextOf = (spec: Partial<ScheduleSpec>, paused = false) =>
      when(decisionOn(aDefinition(spec, { paused }))).records[0]?.data;
    expect(nextOf({}, true)).toMatchObject({ paused: true, nextDueAt: null });
    expect(nextOf({ endsAt: dueAt(1) })).toMatchObject({ nextDueAt: null });
    expect(nextOf({ startsAt: dueAt(5) })).toMatchObject({ nextDueAt: dueAt(5) });
    expect(nextOf({ startsAt: dueAt(5) + 1 })).toMatchObject({ nextDueAt: dueAt(6) });
    expect(nextOf({ anchor: 60_000 })).toMatchObject({ nextDueAt: START_MS + 60_000 });
  });

  it('replaces an earlier one: what runs and what waits goes on', () => {
    const changed = { overlap: 'allow_all', intervalMs: 2 * HOUR_MS } as const;
    const history = [defined({ overlap: 'buffer_all' }), fired(1), buffered(2)] as const;
    const decision = decisionOn(aDefinition(changed, { expectedVersion: 1 }));
    const outcome = given(...history).when(decision);
    const { decisionId } = decision.data.decision;
    outcome.then(defined(changed, { version: 2, nextDueAt: dueAt(2), waiting: 1, decisionId }));
    expect(outcome.state).toMatchObject({ running: [{ jobId: jobId(1) }], waiting: [{ dueAt: dueAt(2) }], taken: 0 });
  });

  it('replaces the version that it expects, or any, and no other', () => {
    for (const expectedVersion of [1, null]) {
      const decision = decisionOn(aDefinition({}, { expectedVersion }));
      const { decisionId } = decision.data.decision;
      given(defined())
        .when(decision)
        .then(defined({}, { version: 2, decisionId }));
    }
    const other = aDefinition({}, { expectedVersion: 2 });
    given(defined())
      .when(decisionOn(other))
      .then(refused(other, 'PRECONDITION_FAILED', 'The schedule has version 1, not 2.', 1));
  });

  it('that creates one is refused where there is one, and one that replaces where there is none', () => {
    const exists = 'A schedule of this name exists: replace it by its ETag.';
    given(defined())
      .when(set())
      .then(refused(aDefinition(), 'PRECONDITION_REQUIRED', exists, 1));
    for (const expectedVersion of [1, null]) {
      const command = aDefinition({}, { expectedVersion });
      when(decisionOn(command)).then(refused(command, 'RESOURCE_UNKNOWN', 'No schedule of this name exists.'));
    }
  });

  it.each<[string, Partial<ScheduleSpec>]>([
    ['cron: Expected either cron or interval_ms', { cron: 'hourly' }],
    ['cron: Expected either cron or interval_ms', { intervalMs: null }],
    ['cron: Expected hourly', { cron: '* * * * *', intervalMs: null }],
    ['interval_ms: Expected 1000 to 31622400000', { intervalMs: 999 }],
    ['time_zone: Expected a time zone of IANA, such as Europe/Berlin', { timeZone: 'Mars' }],
    ['overlap: Expected one of skip, buffer_one, buffer_all, cancel_other, allow_all', { overlap: 'x' }],
    ['catch_up_ms: Expected 10000 to 31622400000', { catchUpMs: 0 }],
    ['jitter_ms: Expected 0 to 86400000', { jitterMs: -1 }],
    ['ends_at: Expected a time after starts_at', { startsAt: 5, endsAt: 5 }],
    ['max_runs: Expected 1 to 1000000000', { maxRuns: 0 }],
    ['note: Expected at most 500 characters', { note: 'x'.repeat(501) }],
    ['job.deadline_ms: Expected 1 to 316224000000', { job: aJob({ deadlineMs: 0 }) }],
  ])('is refused: %s', (detail, spec) => {
    const command = aDefinition(spec);
    when(decisionOn(command)).then(refused(command, 'SCHEDULE_INVALID', detail));
  });

  it('is refused for an input above 64 KiB, with the decision of policy, and in the name of another tenant', () => {
    const large = aDefinition({ job: aJob({ input: 'x'.repeat(JOB_PAYLOAD_BYTES_MAX + 1) }) });
    when(decisionOn(large)).then(
      refused(large, 'JOB_INPUT_TOO_LARGE', 'The input has 65537 bytes; 65536 are allowed.'),
    );
    const decision = decisionOn(aDefinition(), denied);
    when(decision).then(scheduleRefused({ scheduleId, principal: 'key-1', ...refusalOf(decision.data), version: 0 }));
    const foreign = aDefinition({}, { scheduleId: 'other/nightly' });
    expect(when(decisionOn(foreign)).records[0]?.data).toMatchObject({ code: 'RESOURCE_UNKNOWN' });
  });
});

describe('a due time', () => {
  it('starts the job of the schedule, and the next one is set', () => {
    given(set())
      .after(HOUR_MS - 1)
      .then();
    given(set()).after(HOUR_MS).then(timer(1), fired(1), start(1));
    came(1, 0, defined()).then(fired(1), start(1));
  });

  it('gives its job a deadline from the time at which it starts', () => {
    const spec = { job: aJob({ deadlineMs: 5_000 }) };
    came(1, 30_000, defined(spec)).then(fired(1), start(1, { deadline: dueAt(1) + 35_000 }));
  });

  it('is run as late as the window allows, and skipped with all others that are too late after it', () => {
    came(1, 60_000, defined()).then(fired(1), start(1));
    came(1, 60_001, defined()).then(skipped(1, 'catch_up', { until: dueAt(1) + 1 }));
    came(1, 23 * HOUR_MS, defined()).then(
      skipped(1, 'catch_up', { until: dueAt(24) - 60_000, nextDueAt: dueAt(24) }),
      fired(24),
      start(24),
    );
  });

  it('of an earlier definition, or of no schedule, changes nothing', () => {
    came(1, 0, defined({}, { nextDueAt: dueAt(7) })).then();
    came(1, 0, defined({}, { paused: true, nextDueAt: null })).then();
    came(1, 0).then();
  });

  it('is the last one when the schedule has made all its runs', () => {
    const last = fired(1, { nextDueAt: null });
    came(1, 0, defined({ maxRuns: 1 })).then(last, start(1));
    came(2, 0, defined({ maxRuns: 2 }), fired(1)).then(skipped(2, 'overlap'));
    came(2, 0, defined({ maxRuns: 2 }), fired(1), ended(1, START_MS)).then(fired(2, { nextDueAt: null }), start(2));
  });

  it('is delayed by its jitter, which is derived', () => {
    const jitterMs = 30_000;
    const delay = jitterOf(SCHEDULE, dueAt(1), jitterMs);
    expect(delay).toBeGreaterThan(0);
    given(set({ jitterMs }))
      .after(HOUR_MS + delay - 1)
      .then();
    given(set({ jitterMs }))
      .after(HOUR_MS + delay)
      .then(timer(1), fired(1), start(1));
  });

  it('has a jitter within its bound, spread over it', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 100_000 }), (at, max) => {
        const delay = jitterOf(SCHEDULE, at, max);
        expect(delay).toBe(jitterOf(SCHEDULE, at, max));
        expect(delay >= 0 && delay <= max).toBe(true);
      }),
    );
    const delays = Array.from({ length: 1_000 }, (_, n) => jitterOf(SCHEDULE, dueAt(n), 9));
    for (let each = 0; each <= 9; each += 1)
      expect(delays.filter((delay) => delay === each).length).toBeGreaterThan(50);
  });

  it('is handled with those that came after it, at most twenty at once', () => {
    const spec = { intervalMs: 1_000, overlap: 'allow_all', catchUpMs: 3_600_000 } as const;
    const names = given(set(spec))
      .after(45_000)
      .records.map(({ type }) => type);
    expect(names.filter((type) => type === 'ScheduleFired')).toHaveLength(45);
    expect(names.filter((type) => type === 'FireSchedule')).toHaveLength(Math.ceil(45 / SCHEDULE_STEP_MAX));
  });
});

describe('a due time while a job runs', () => {
  const running = (overlap: string) => [defined({ overlap }), fired(1)] as const;

  it('is skipped', () => {
    came(2, 0, ...running('skip')).then(skipped(2, 'overlap'));
    came(2, 0, ...running('unknown')).then(skipped(2, 'overlap'));
  });

  it('waits if none does: buffer_one', () => {
    came(2, 0, ...running('buffer_one')).then(buffered(2));
    came(3, 0, ...running('buffer_one'), buffered(2)).then(skipped(3, 'overlap', { waiting: 1 }));
  });

  it('waits behind others: buffer_all', () => {
    came(3, 0, ...running('buffer_all'), buffered(2)).then(buffered(3, 2));
    const full = Array.from({ length: SCHEDULE_BUFFER_MAX }, (_, n) => buffered(n + 2, n + 1));
    const next = SCHEDULE_BUFFER_MAX + 2;
    came(next, 0, ...running('buffer_all'), ...full).then(
      skipped(next, 'buffer_full', { waiting: SCHEDULE_BUFFER_MAX }),
    );
  });

  it('takes its place: cancel_other', () => {
    const reason = `The next run of the schedule ${SCHEDULE} has come due`;
    const cancelled = scheduledJobEnded({
      ...{ scheduleId, jobId: jobId(1), dueAt: dueAt(1), reason: 'due', outcome: 'cancelled' },
      ...{ code: 'SCHEDULE_OVERLAP', endedAt: dueAt(2) },
    });
    came(2, 0, ...running('cancel_other')).then(
      cancelled,
      cancelScheduledJob({ jobId: jobId(1), scheduleId, reason }),
      fired(2),
      start(2),
    );
  });

  it('runs beside it: allow_all', () => {
    const outcome = came(2, 0, ...running('allow_all'));
    outcome.then(fired(2), start(2));
    expect(outcome.state).toMatchObject({ running: [{ jobId: jobId(1) }, { jobId: jobId(2) }] });
    const full = Array.from({ length: SCHEDULE_RUNNING_MAX }, (_, n) => fired(n + 1));
    const next = SCHEDULE_RUNNING_MAX + 1;
    came(next, 0, defined({ overlap: 'allow_all' }), ...full).then(skipped(next, 'overlap'));
  });

  it('that waited is run when the job has ended, and not before', () => {
    const history = [...running('buffer_all'), buffered(2), buffered(3, 2)] as const;
    given(...history)
      .when(end(1))
      .then(
        ...[ended(1, START_MS), timer(2)],
        ...[fired(2, { reason: 'buffered', nextDueAt: dueAt(4), waiting: 1 }), start(2)],
      );
  });
});

describe('the end of a job', () => {
  it('is recorded once', () => {
    given(defined(), fired(1)).when(end(1)).then(ended(1, START_MS));
    given(defined(), fired(1), ended(1, START_MS)).when(end(1)).then();
    when(end(1)).then();
  });

  it('that was refused does not stop the schedule', () => {
    const outcome = given(defined(), fired(1)).when(end(1, 'refused', 'POLICY_DENIED'));
    expect(outcome.records[0]?.data).toMatchObject({ outcome: 'refused', code: 'POLICY_DENIED' });
    expect(outcome.state).toMatchObject({ running: [], nextDueAt: dueAt(2) });
  });
});

describe('a pause', () => {
  it('stops due times, skips what is buffered, and leaves jobs and backfills alone', () => {
    given(defined()).when(pause).then(paused);
    given(defined(), paused)
      .after(9 * HOUR_MS)
      .then();
    given(defined(), fired(1), buffered(2), buffered(3, 2))
      .when(pause)
      .then(
        paused,
        skipped(2, 'paused', { nextDueAt: null, waiting: 1 }),
        skipped(3, 'paused', { nextDueAt: null, waiting: 0 }),
      );
  });

  it('ends with the next due time: those of the pause are not made up for', () => {
    given(defined({}, { nextDueAt: dueAt(-5) }), paused)
      .when(decisionOn(resume))
      .then(scheduleResumed({ scheduleId, resumedBy: 'key-1', nextDueAt: dueAt(1) }));
    given(defined())
      .when(decisionOn(resume))
      .then(refused(resume, 'SCHEDULE_NOT_PAUSED', 'The schedule is not paused.', 1));
  });
});

describe('a removal', () => {
  it('leaves nothing', () => {
    const outcome = given(defined(), fired(1)).when(remove);
    outcome.then(scheduleRemoved({ scheduleId, removedBy: 'ana' }));
    expect(outcome.state).toBeUndefined();
  });

  it('and a pause are refused where there is no schedule, and where another tenant has it', () => {
    const refusal = { code: 'RESOURCE_UNKNOWN', detail: 'No schedule of this name exists.', decision: null };
    for (const control of [remove, pause])
      for (const history of [[], [defined({}, { tenantId: 'another' })]])
        given(...history)
          .when(control)
          .then(scheduleRefused({ scheduleId, principal: 'ana', ...refusal, shortfall: null, version: 0 }));
  });
});

describe('a trigger', () => {
  it('starts the job once, beside what runs and while the schedule is paused', () => {
    const { decisionId } = decisionOn(trigger).data.decision;
    const triggered = triggeredJobIdOf(SCHEDULE, decisionId);
    const own = { jobId: triggered, dueAt: START_MS };
    given(defined(), fired(1))
      .when(decisionOn(trigger))
      .then(fired(1, { ...own, reason: 'trigger', nextDueAt: dueAt(2) }), start(1, own));
    given(defined(), paused)
      .when(decisionOn(trigger))
      .then(fired(1, { ...own, reason: 'trigger', nextDueAt: null }), start(1, own));
  });
});

describe('a backfill', () => {
  const past = (...times: readonly number[]) => times.map(dueAt);
  const asked = (dueTimes: readonly number[], overlap = 'buffer_all', waiting = dueTimes.length) =>
    scheduleBackfilled({ scheduleId, dueTimes, overlap, requestedBy: 'key-1', requestedAt: START_MS, waiting });
  const filled = (n: number, waiting: number, changes = {}) =>
    fired(n, { reason: 'backfill', nextDueAt: dueAt(1), waiting, ...changes });

  it('makes the runs one after another, and none that has not come due', () => {
    const first = given(defined()).when(decisionOn(backfill(dueAt(-2), dueAt(5))));
    first.then(asked(past(-2, -1)), timer(-2), filled(-2, 1), start(-2));
    expect(first.state).toMatchObject({ running: [{ reason: 'backfill' }], waiting: [{ dueAt: dueAt(-1) }] });
    given(defined(), asked(past(-2, -1)), filled(-2, 1))
      .when(end(-2))
      .then(ended(-2, START_MS, 'backfill'), timer(-1), filled(-1, 0), start(-1));
  });

  it('makes them at once, twenty a step, while the schedule is paused', () => {
    const command = backfill(dueAt(-45), dueAt(0), 'allow_all');
    const names = given(defined(), paused)
      .when(decisionOn(command))
      .records.map(({ type }) => type);
    expect(names.filter((type) => type === 'StartScheduledJob')).toHaveLength(45);
    expect(names.filter((type) => type === 'FireSchedule')).toHaveLength(Math.ceil(45 / SCHEDULE_STEP_MAX));
  });

  it('adds no due time that waits already, and none at all where there is none', () => {
    given(defined(), fired(1), asked(past(-2, -1)))
      .when(decisionOn(backfill(dueAt(-3), dueAt(0))))
      .then(asked(past(-3), 'buffer_all', 3));
    given(defined())
      .when(decisionOn(backfill(dueAt(5), dueAt(0))))
      .then(asked([]));
  });

  it('is refused above a thousand due times', () => {
    const limit = SCHEDULE_BACKFILL_MAX;
    const fits = given(defined(), fired(1)).when(decisionOn(backfill(dueAt(-limit), dueAt(0))));
    expect(fits.records[0]).toMatchObject({ data: { waiting: limit } });
    const command = backfill(dueAt(-limit - 1), dueAt(0));
    const detail = 'At most 1000 due times may wait; 0 do already. Choose a shorter time.';
    given(defined())
      .when(decisionOn(command))
      .then(refused(command, 'SCHEDULE_BACKFILL_TOO_LARGE', detail, 1));
  });
});

it.each([resume, trigger, backfill(0, 1)])('$type is refused where there is no schedule, and by policy', (command) => {
  when(decisionOn(command)).then(refused(command, 'RESOURCE_UNKNOWN', 'No schedule of this name exists.'));
  const decision = decisionOn(command, denied);
  given(defined())
    .when(decision)
    .then(scheduleRefused({ scheduleId, principal: 'key-1', ...refusalOf(decision.data), version: 1 }));
});
