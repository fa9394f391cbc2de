import { describe, expect, it } from 'vitest';
import * as make from '../../schemas/generated/records.ts';
import { events } from '../events/projection.ts';
import type { StoredEvent } from '../events/queries.ts';
import { meets } from '../rows.ts';
import { AT, AT_MS, metaOf, rowsOf } from '../testing/apply.ts';
import { jobAccepted, jobLife } from '../testing/sample.ts';
import { jobStepsTable, jobs } from './projection.ts';
import { JobHistoryFold } from './queries/history.ts';
import { statusOf, withStatus } from './queries/rows.ts';

const jobId = 'job-1';
const run = (generation: number) => make.jobRunStarted({ jobId, generation, attempt: 1, reason: 'start' });
const paused = make.jobPaused({ jobId, pausedBy: 'key-1', reason: 'too warm' });
const ended = make.jobRunEnded({ jobId, generation: 1, outcome: 'waiting' });
const statusAfter = (...records: readonly make.AnyRecord[]) => {
  const [row] = rowsOf(jobs, [jobAccepted(jobId), ...records]) as never[];
  return statusOf(row as never);
};

describe('a job', () => {
  it('is queued, running, waiting, and completed with its result', () => {
    expect(statusAfter()).toBe('queued');
    expect(statusAfter(run(1))).toBe('running');
    expect(statusAfter(run(1), ended)).toBe('waiting');
    expect(rowsOf(jobs, jobLife(jobId))).toMatchObject([
      { phase: 'completed', hold: '', result: '{"sum":3}', generation: 2, fault: {}, type: 'adding', created_at: AT },
    ]);
  });

  it('stays paused while its run ends, and is what it was before once it is resumed', () => {
    const resumed = make.jobResumed({ jobId, resumedBy: 'key-1' });
    expect(statusAfter(run(1), paused)).toBe('paused');
    expect(statusAfter(run(1), paused, ended)).toBe('paused');
    expect(statusAfter(run(1), ended, paused, resumed)).toBe('waiting');
    expect(
      statusAfter(
        run(1),
        make.jobSuspended({ jobId, generation: 1, code: 'X', detail: 'x', resumeAt: null, callId: null }),
      ),
    ).toBe('suspended');
  });

  it('is found by its status', () => {
    const held = rowsOf(jobs, [jobAccepted(jobId), run(1), paused])[0] ?? {};
    const isFound = (status: Parameters<typeof withStatus>[0]) =>
      withStatus(status).every((condition) => meets(condition as never, held));
    expect([isFound('paused'), isFound('running'), isFound('suspended')]).toEqual([true, false, false]);
  });

  it('shows the code of a failure until it is retried', () => {
    const dead = make.jobDead({ jobId, generation: 1, code: 'BOOM', detail: 'it broke' });
    expect(rowsOf(jobs, [jobAccepted(jobId), run(1), dead])).toMatchObject([
      { phase: 'dead', fault: { code: 'BOOM', detail: 'it broke' } },
    ]);
    const retried = make.jobRetried({ jobId, retriedBy: 'key-1' });
    expect(rowsOf(jobs, [jobAccepted(jobId), run(1), dead, retried])).toMatchObject([{ phase: 'queued', fault: {} }]);
  });

  it('that is simulated has its constitution; the record that answers it makes no row of a step', () => {
    const simulation = {
      ...{ constitutionVersion: '2', constitutionDigest: 'd2', sourceId: 'job-0', results: 1, pages: 1 },
    };
    const kept = jobLife(jobId).flatMap((record) => (record.type === 'JobEntryKept' ? [record] : []));
    const record = kept.map(({ data }) => make.jobEntryKept({ ...data, chunkId: `${jobId}/record/0` }));
    expect(kept.length).toBeGreaterThan(0);
    expect(rowsOf(jobs, [jobAccepted(jobId, { simulation }), ...record])).toMatchObject([
      { simulation: { constitution_version: '2', constitution_digest: 'd2', source_id: 'job-0' } },
    ]);
  });

  it('has its latest signal', () => {
    const signal = (name: string) =>
      make.jobSignalled({ jobId, name, payload: '1', sentBy: 'key-1', decisionId: `of ${name}` });
    expect(rowsOf(jobs, [jobAccepted(jobId), signal('a'), signal('b')])).toMatchObject([
      { last_signal: { name: 'b', at: expect.any(String) as string } },
    ]);
  });

  it('that was refused has no row', () => {
    const refused = { jobId, principal: 'p', code: 'POLICY_DENIED', detail: 'no', decision: null, shortfall: null };
    expect(rowsOf(jobs, [make.jobRefused(refused)])).toEqual([]);
  });
});

describe('the steps of a job', () => {
  const steps = (records: readonly make.AnyRecord[]) => rowsOf(jobs, records, jobStepsTable.name);

  it('have their attempts from the events, and their output from the journal', () => {
    expect(steps(jobLife(jobId))).toMatchObject([
      { name: 'add', status: 'completed', attempts: 2, output: '3', output_bytes: 1, fault: {}, kind: 'step' },
      { name: 'pause', status: 'completed', kind: 'sleep', wait: { kind: 'sleep', until: AT_MS + 1_000 } },
    ]);
  });

  it('are the same in whatever order the two topics are read', () => {
    const life = jobLife(jobId);
    const isJournal = ({ type }: make.AnyRecord) => type === 'JobEntryKept';
    const journalFirst = [...life.filter(isJournal), ...life.filter((record) => !isJournal(record))];
    expect(steps(journalFirst)).toEqual(steps(life));
  });
});

describe('the history of a job', () => {
  const stored = jobLife(jobId).map((record, at): StoredEvent => {
    const meta = metaOf(record, at);
    const [change] = events.apply(record, meta);
    const row = change?.row as Record<string, unknown>;
    return {
      ...{ eventId: meta.id, streamId: String(row['stream_id']), streamVersion: at + 1, subjectId: meta.key },
      ...{ type: String(row['type']), data: row['data'] as never, metadata: meta.headers },
      ...{ topic: meta.topic, partition: 0, offset: at },
      ...{ at: new Date(meta.timeMs), appendedAt: new Date(meta.appendedAtMs) },
    };
  });
  const upTo = (count: number) => {
    const fold = new JobHistoryFold('acme');
    for (const event of stored.slice(0, count)) fold.add([event]);
    return fold.result;
  };

  it('is what the read model had after each event', () => {
    expect(upTo(0)).toEqual({ job: undefined, steps: [] });
    const whole = upTo(stored.length);
    expect(whole.job).toMatchObject({ phase: 'completed', result: '{"sum":3}', deadline: null });
    expect(whole.steps.map(({ name, output }) => [name, output])).toEqual([
      ['add', '3'],
      ['pause', null],
    ]);
    const statuses = stored.map((_, at) => statusOf(upTo(at + 1).job as never));
    expect([...new Set(statuses)]).toEqual(['queued', 'running', 'waiting', 'completed']);
  });
});
