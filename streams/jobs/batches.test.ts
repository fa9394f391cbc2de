import { describe, expect, it } from 'vitest';
import {
  cancelJob,
  type EndBatchedJob,
  endBatchedJob,
  endChildJob,
  endJobBatch,
  forkJob,
  grantJobSlot,
  type JobAdmission,
  type JobBatch,
  jobBatchBegun,
  jobBatched,
  jobBatchLeft,
  jobCancelled,
  jobCompleted,
  jobDead,
  jobFailed,
  jobQueued,
  joinJobBatch,
  pauseJob,
  releaseJobSlot,
  requestJobSlot,
  retryJob,
  signalJob,
  wakeJob,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn } from '../testing.ts';
import { noLimits } from './admission/limits.ts';
import { itemOf } from './batches.ts';
import { acceptedJob } from './evolve.ts';
import { jobs } from './jobs.ts';
import { accepted, aStart, aType, endOf, JOB, ran, retry, START_MS, work } from './testing.ts';

const { given } = scenarios(jobs, { startMs: START_MS });

const limits = { ...noLimits, batchMax: 3, batchWaitMs: 1_000 };
const slotKey = 'demo/report/report';
const admission: JobAdmission = { slotKey, limits };
const chain = {
  ...{ correlationId: '7f1f4a52-30bb-4a8c-9d5f-8f0a1f2b3c4d', requestDigest: null, time: START_MS },
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};
const PLACE = 'demo/1';
const OTHER = '22222222-2222-4222-8222-222222222222';
const members = [{ jobId: OTHER, place: 'demo/2' }];
const INPUT = '[{"of":"may"},{"of":"june"}]';
const batch: JobBatch = { input: INPUT, members };

const item = itemOf(acceptedJob(accepted({ admission }).data));
const queued = (request = 1, reason = 'start') => jobQueued({ jobId: JOB, slotKey, request, reason });
const asks = (request = 1, of = item) =>
  requestJobSlot({ slotKey, jobId: JOB, request, lane: 'standard', limits, batch: of });
const gives = (request = 1) => releaseJobSlot({ slotKey, jobId: JOB, request });
const grant = (request = 1) => grantJobSlot({ jobId: JOB, place: PLACE, slotKey, request, chain, batch });
const joins = (request = 1) => joinJobBatch({ jobId: JOB, place: PLACE, request, batchId: OTHER, size: 2, chain });
const begun = jobBatchBegun({ jobId: JOB, input: INPUT, members });
const joined = jobBatched({ jobId: JOB, batchId: OTHER, size: 2 });
const batchEnds = (outcome: string, end: { output?: string; code?: string; detail?: string } = {}) =>
  endJobBatch({ slotKey, jobId: JOB, members, outcome, output: null, code: null, detail: null, ...end });
const end = (outcome: string, changes: Partial<EndBatchedJob> = {}) =>
  endBatchedJob({
    ...{ jobId: JOB, place: PLACE, batchId: OTHER, outcome, output: null, code: null, detail: null, ...changes },
  });
const waits = [accepted({ admission }), queued()] as const;
const leads = [...waits, begun, ran(1)] as const;
const isMember = [...waits, joined] as const;
const byAna = { jobId: JOB, principal: 'ana', capabilities: ['*'], credential: null, labels: [] };
const pause = pauseJob({ jobId: JOB, principal: 'ana', reason: 'lunch', mode: 'finish_step' });
const codeOf = ([first]: readonly { readonly data: object }[]) => (first?.data as { code?: string } | undefined)?.code;

describe('a start of a type with batches', () => {
  it('brings its input to the slots of its key', () => {
    given(aType({ limits })).when(decisionOn(aStart())).then(accepted({ admission }), queued(), asks());
    expect(item).toMatchObject({ input: '{"of":"may"}' });
  });

  it('waits with those that would run in the same way only', () => {
    const groupOf = (changes: Parameters<typeof accepted>[0]) =>
      itemOf(acceptedJob(accepted({ admission, ...changes }).data))?.group;
    const group = groupOf({});
    expect(groupOf({ jobId: OTHER, input: '{}', tags: ['x'], acceptedAt: 7, decisionId: 'd' })).toBe(group);
    for (const other of [
      { principal: 'key-2' },
      { capabilities: ['jobs:*'] },
      { credential: { sessionId: 's', issuedAt: 1 } },
      { labels: ['mail'] },
      { lane: 'batch' },
      { retry: { ...retry, attemptsMax: 7 } },
      { deadline: 1 },
      { version: 3 },
      { queue: 'other' },
    ])
      expect(groupOf(other)).not.toBe(group);
  });

  it('cannot be forked: a fork would be one more start', () => {
    const fork = forkJob({
      ...{
        ...byAna,
        type: 'report',
        input: '{}',
        lane: 'standard',
        concurrencyKey: null,
        tags: [],
        entries: [],
        simulation: null,
        recorded: [],
      },
      forkedFrom: { jobId: OTHER, path: '', name: '', nth: 0 },
    });
    expect(codeOf(given(aType({ limits })).when(decisionOn(fork)).records)).toBe('JOB_BATCHED');
  });

  it('is cancelled while it waits, and brings nothing then', () => {
    given(...waits)
      .when(cancelJob({ jobId: JOB, principal: 'ana', reason: 'done' }))
      .then(jobCancelled({ jobId: JOB, cancelledBy: 'ana', reason: 'done' }), gives());
  });

  it('is neither paused nor signalled while it waits or is in the batch of another job: it could run twice', () => {
    const signal = decisionOn(signalJob({ ...byAna, name: 'go', payload: '1' }));
    for (const history of [waits, isMember, [accepted({ admission, runAt: START_MS + 5 })]])
      for (const command of [pause, signal])
        expect(codeOf(given(...history).when(command).records)).toBe('JOB_BATCHED');
    expect(given(...leads).when(pause).records[0]?.type).toBe('JobPaused');
  });
});

describe('the first start of a batch', () => {
  it('runs the inputs of all', () => {
    given(...waits)
      .when(grant())
      .then(begun, ran(1), work(1, { input: INPUT, isBatch: true }));
    given(...leads)
      .when(grant())
      .then();
  });

  it('tells the others of its end, whatever that is', () => {
    given(...leads)
      .when(endOf(1, 'completed', { output: '7' }))
      .then(jobCompleted({ jobId: JOB, generation: 1, output: '7' }), batchEnds('completed', { output: '7' }), gives());
    const fault = { code: 'BROKEN', detail: 'it broke' };
    given(...leads)
      .when(endOf(1, 'failed', { ...fault, retryable: false }))
      .then(jobFailed({ jobId: JOB, generation: 1, ...fault }), batchEnds('failed', fault), gives());
    const cancelled = given(...leads).when(cancelJob({ jobId: JOB, principal: 'ana', reason: 'done' }));
    expect(cancelled.records).toContainEqual(batchEnds('cancelled', { code: 'JOB_CANCELLED', detail: 'done' }));
    const last = accepted({ admission, retry: { ...retry, attemptsMax: 1 } });
    const dead = given(last, queued(), begun, ran(1)).when(endOf(1, 'failed', fault));
    expect(dead.records).toContainEqual(batchEnds('dead', fault));
  });

  it('alone sends no end of a batch', () => {
    const alone = jobBatchBegun({ jobId: JOB, input: '[{"of":"may"}]', members: [] });
    given(...waits, alone, ran(1))
      .when(endOf(1, 'completed', { output: '7' }))
      .then(jobCompleted({ jobId: JOB, generation: 1, output: '7' }), gives());
  });

  it('keeps its batch when it is retried, and brings its input to no other one', () => {
    const failed = jobFailed({ jobId: JOB, generation: 1, code: 'BROKEN', detail: 'it broke' });
    const again = given(...leads, failed).when(decisionOn(retryJob(byAna)));
    expect(again.records.slice(1)).toEqual([queued(2, 'retry'), asks(2, null)]);
    const plain = grantJobSlot({ jobId: JOB, place: PLACE, slotKey, request: 2, chain, batch: null });
    given(...leads, failed, ...again.records)
      .when(plain)
      .then(ran(2, 'retry'), work(2, { input: INPUT, isBatch: true }));
  });

  it('that has ended before its batch begins lets the others wait again', () => {
    const cancelled = jobCancelled({ jobId: JOB, cancelledBy: 'ana', reason: 'done' });
    given(...waits, cancelled)
      .when(grant())
      .then(gives(), batchEnds('dissolved'));
    given().when(grant()).then(gives(), batchEnds('dissolved'));
    // An old grant that comes again does not end a batch that has begun.
    const failed = jobFailed({ jobId: JOB, generation: 1, code: 'BROKEN', detail: 'it broke' });
    given(...leads, failed)
      .when(grant())
      .then(gives());
  });
});

describe('a start in the batch of another job', () => {
  it('joins once, and only while it waits', () => {
    given(...waits)
      .when(joins())
      .then(joined);
    given(...isMember)
      .when(joins())
      .then();
    given(...waits)
      .when(joins(2))
      .then();
    given().when(joins()).then();
  });

  it('ends as the batch does, and tells its parent', () => {
    const PARENT = '33333333-3333-4333-8333-333333333333';
    given(accepted({ admission, parentId: PARENT }), queued(), joined)
      .when(end('completed', { output: '7' }))
      .then(
        jobCompleted({ jobId: JOB, generation: 0, output: '7' }),
        endChildJob({ jobId: PARENT, childId: JOB, outcome: 'completed', output: '7', code: null, detail: null }),
      );
    const fault = { code: 'BROKEN', detail: 'it broke' };
    const place = { jobId: JOB, generation: 0, ...fault };
    given(...isMember)
      .when(end('failed', fault))
      .then(jobFailed(place));
    given(...isMember)
      .when(end('dead', fault))
      .then(jobDead(place));
    given(...isMember)
      .when(end('cancelled', { code: 'JOB_CANCELLED', detail: 'done' }))
      .then(jobCancelled({ jobId: JOB, cancelledBy: OTHER, reason: 'done' }));
    given(...isMember)
      .when(end('completed'))
      .then(jobCompleted({ jobId: JOB, generation: 0, output: 'null' }));
    given(...isMember)
      .when(end('unheard-of'))
      .then(jobFailed({ ...place, code: 'JOB_RUN_FAILED', detail: 'The batch failed.' }));
  });

  it('ends again when its batch is retried, which it cannot be itself', () => {
    const failed = jobFailed({ jobId: JOB, generation: 0, code: 'BROKEN', detail: 'it broke' });
    given(...isMember, failed)
      .when(end('completed', { output: '7' }))
      .then(jobCompleted({ jobId: JOB, generation: 0, output: '7' }));
    expect(codeOf(given(...isMember, failed).when(decisionOn(retryJob(byAna))).records)).toBe('JOB_NOT_RETRYABLE');
    given(...isMember, failed)
      .when(end('dissolved'))
      .then();
  });

  it('waits again when its batch never began', () => {
    given(...isMember)
      .when(end('dissolved'))
      .then(jobBatchLeft({ jobId: JOB, batchId: OTHER }), queued(2), asks(2));
  });

  it('leaves it when it is cancelled or its deadline comes, and learns nothing of it then', () => {
    const cancelled = jobCancelled({ jobId: JOB, cancelledBy: 'ana', reason: 'done' });
    given(...isMember)
      .when(cancelJob({ jobId: JOB, principal: 'ana', reason: 'done' }))
      .then(cancelled);
    given(...isMember, cancelled)
      .when(end('completed', { output: '7' }))
      .then();
    given(...isMember)
      .when(end('completed', { batchId: JOB }))
      .then();
    const late = given(accepted({ admission, deadline: START_MS + 1 }), queued(), joined);
    expect(codeOf(late.when(wakeJob({ jobId: JOB, dueAt: START_MS + 1 })).records)).toBe('JOB_DEADLINE');
  });
});
