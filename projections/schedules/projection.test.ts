import { describe, expect, it } from 'vitest';
import * as make from '../../schemas/generated/records.ts';
import { rowsOf } from '../testing/apply.ts';
import { type ScheduleRow, scheduleRunsTable, schedules } from './projection.ts';
import { definitionOf } from './queries.ts';

const scheduleId = 'acme/nightly';
const due = (n: number): number => Date.UTC(2026, 0, n, 2);
const iso = (n: number): string => new Date(due(n)).toISOString();
const spec: make.ScheduleSpec = {
  job: {
    ...{ type: 'adding', input: '{"numbers":[1]}', lane: 'standard', concurrencyKey: null, retry: null },
    ...{ deadlineMs: null, tags: [] },
  },
  ...{ cron: '0 2 * * *', intervalMs: null, anchor: 0, timeZone: 'UTC', overlap: 'skip', catchUpMs: 60_000 },
  ...{ jitterMs: 0, startsAt: null, endsAt: null, maxRuns: null, note: '' },
};
const defined = make.scheduleDefined({
  ...{ scheduleId, tenantId: 'acme', version: 1, createdAt: due(0), principal: 'key-1', capabilities: ['*'] },
  ...{ credential: null, labels: [], spec, paused: false, nextDueAt: due(1), waiting: 0, decisionId: 'd' },
});
const fired = (n: number, reason = 'due') =>
  make.scheduleFired({ scheduleId, dueAt: due(n), jobId: `job-${n}`, reason, nextDueAt: due(n + 1), waiting: 0 });
const ended = (n: number, outcome: string, code: string | null = null, reason = 'due') =>
  make.scheduledJobEnded({ scheduleId, jobId: `job-${n}`, dueAt: due(n), reason, outcome, code, endedAt: due(n) + 9 });
const skipped = (n: number, reason: string, until: number | null = null) =>
  make.scheduleSkipped({ scheduleId, dueAt: due(n), until, reason, nextDueAt: due(n + 1), waiting: 0 });
const paused = make.schedulePaused({ scheduleId, pausedBy: 'ana', reason: 'a move' });

const rowOf = (...records: readonly make.AnyRecord[]) => rowsOf(schedules, [defined, ...records])[0];
const runsOf = (...records: readonly make.AnyRecord[]) => rowsOf(schedules, records, scheduleRunsTable.name);

describe('a schedule', () => {
  it('is what its latest definition says, and keeps its next due time', () => {
    const row = rowOf(fired(1));
    expect(row).toMatchObject({
      ...{ schedule_id: 'nightly', life: 'kept', status: 'active', type: 'adding', waiting: 0, pause: {} },
      ...{ next: { due_at: due(2) }, created_at: iso(0) },
    });
    expect(definitionOf(row as unknown as ScheduleRow)).toEqual(defined.data);
  });

  it('is paused with its reason, and goes on', () => {
    const resumed = make.scheduleResumed({ scheduleId, resumedBy: 'ana', nextDueAt: due(5) });
    expect(rowOf(paused)).toMatchObject({
      ...{ status: 'paused', next: { due_at: null }, pause: { reason: 'a move', paused_by: 'ana' } },
    });
    expect(rowOf(paused, resumed)).toMatchObject({ status: 'active', next: { due_at: due(5) }, pause: {} });
  });

  it('keeps a row when it is removed, and is there again when it is defined', () => {
    const removed = make.scheduleRemoved({ scheduleId, removedBy: 'ana' });
    expect(rowOf(removed)).toMatchObject({ life: 'removed' });
    expect(rowOf(removed, defined)).toMatchObject({ life: 'kept' });
  });

  it('that was refused has no row', () => {
    const refusal = { code: 'POLICY_DENIED', detail: 'no', decision: null, shortfall: null };
    expect(rowsOf(schedules, [make.scheduleRefused({ scheduleId, principal: 'p', ...refusal, version: 0 })])).toEqual(
      [],
    );
  });
});

describe('a run', () => {
  it('is running, then what its job ended as', () => {
    expect(runsOf(fired(1))).toMatchObject([{ status: 'running', reason: 'due', job_id: 'job-1', due_at: iso(1) }]);
    expect(runsOf(fired(1), ended(1, 'refused', 'POLICY_DENIED'))).toMatchObject([
      { status: 'refused', fault: { code: 'POLICY_DENIED' } },
    ]);
  });

  it('is one row a due time: skipped, and made up for later', () => {
    const late = skipped(1, 'catch_up', due(3));
    expect(runsOf(late)).toMatchObject([{ status: 'skipped', reason: 'catch_up', until: iso(3) }]);
    expect(runsOf(late, fired(1, 'backfill'), ended(1, 'completed', null, 'backfill'))).toMatchObject([
      { run_id: `nightly/${iso(1)}`, status: 'completed', reason: 'backfill', fault: {} },
    ]);
  });

  it('waits in the buffer before it is made', () => {
    const buffered = make.scheduleBuffered({ scheduleId, dueAt: due(1), nextDueAt: due(2), waiting: 1 });
    expect(runsOf(buffered)).toMatchObject([{ status: 'buffered', reason: 'overlap' }]);
    expect(runsOf(buffered, fired(1, 'buffered'))).toMatchObject([{ status: 'running', reason: 'buffered' }]);
  });

  it('of a trigger is its own', () => {
    expect(runsOf(fired(1), fired(1, 'trigger')).map((row) => row['run_id'])).toEqual([
      ...[`nightly/${iso(1)}`, `nightly/${iso(1)}/trigger`],
    ]);
  });
});
