/** Batches of starts: given and when, then any interleaving with planted bugs, which it notices. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_BATCH_BYTES_MAX, JOB_QUEUE_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import {
  endBatchedJob,
  endJobBatch,
  type JobLimits,
  joinJobBatch,
  releaseJobSlot,
  requestJobSlot,
} from '../../../schemas/generated/records.ts';
import { scenarios } from '../../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../../kernel.ts';
import { jobAdmission } from '../job-admission.ts';
import { START_MS } from '../testing.ts';
import { decide, type SlotInput } from './decide.ts';
import { noLimits } from './limits.ts';
import { due, evolve, isIdle, noSlots, type Slots } from './state.ts';

const KEY = 'demo/report/customer-42';
const { given, when } = scenarios(jobAdmission, { startMs: START_MS });

const three = { batchMax: 3, batchWaitMs: 1_000 };
const asks = (jobId: string, limits: Partial<JobLimits> = three, { group = 'g', input = `"${jobId}"` } = {}) =>
  requestJobSlot({
    ...{ slotKey: KEY, jobId, request: 1, lane: 'standard', limits: { ...noLimits, ...limits } },
    batch: { group, input },
  });
const gives = (jobId: string) => releaseJobSlot({ slotKey: KEY, jobId, request: 1 });
const grantsIn = (records: readonly AnyRecord[]) =>
  records.flatMap((record) => (record.type === 'GrantJobSlot' ? [record.data] : []));
/** What the batches in the outputs run. */
const batchesIn = (records: readonly AnyRecord[]) =>
  grantsIn(records).map(({ jobId, batch }) => [jobId, batch?.members.map((each) => each.jobId), batch?.input]);

describe('starts of a key with batches', () => {
  it('wait for each other, until there are enough of them', () => {
    expect(batchesIn(when(asks('a')).records)).toEqual([]);
    expect(batchesIn(given(asks('a')).when(asks('b')).records)).toEqual([]);
    const third = given(asks('a'), asks('b')).when(asks('c'));
    expect(batchesIn(third.records)).toEqual([['a', ['b', 'c'], '["a","b","c"]']]);
    expect(third.records.map(({ type }) => type)).toEqual([
      ...['JobSlotQueued', 'JobSlotGranted', 'GrantJobSlot'],
      ...['JobSlotJoined', 'JoinJobBatch', 'JobSlotJoined', 'JoinJobBatch'],
    ]);
    expect(third.state).toBeUndefined();
  });

  it('wait no longer than their type says, one of them alone as well', () => {
    const some = given(asks('a'), asks('b'));
    expect(batchesIn(some.after(999).records)).toEqual([]);
    expect(batchesIn(some.after(1_000).records)).toEqual([['a', ['b'], '["a","b"]']]);
    expect(batchesIn(given(asks('a')).after(1_000).records)).toEqual([['a', [], '["a"]']]);
  });

  it('join in their place and their chain, at the time at which the batch begins', () => {
    const { records } = given(asks('a'), asks('b')).after(1_000);
    const joined = records.find((record): record is RecordOf<'JoinJobBatch'> => record.type === 'JoinJobBatch');
    const { place = '', chain } = joined?.data ?? {};
    if (chain === undefined) throw new Error('no start has joined');
    expect(joined).toEqual(joinJobBatch({ jobId: 'b', place, request: 1, batchId: 'a', size: 2, chain }));
    expect(chain.time).toBe(START_MS + 1_000);
  });

  it('leave when they are given back: the others run without them', () => {
    const left = given(asks('a'), asks('b'), gives('a'));
    expect(batchesIn(left.after(1_000).records)).toEqual([['b', [], '["b"]']]);
    expect(batchesIn(left.when(asks('c')).records)).toEqual([]);
  });

  it('of another group run in a batch of their own', () => {
    const other = { group: 'h' };
    const { records } = given(asks('a'), asks('b', three, other), asks('c'), asks('d', three, other)).after(1_000);
    expect(batchesIn(records)).toEqual([
      ['a', ['c'], '["a","c"]'],
      ['b', ['d'], '["b","d"]'],
    ]);
  });

  it('wait for a slot of the key as one job', () => {
    const one = { ...three, max: 1 };
    const full = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => asks(id, one));
    const before = given(...full);
    expect((before.after(60_000).state as Slots).held.map(({ jobId }) => jobId)).toEqual(['a']);
    expect(batchesIn(before.when(gives('a')).records)).toEqual([['d', ['e', 'f'], '["d","e","f"]']]);
  });

  it('do not run together when their inputs are too large', () => {
    const large = { input: JSON.stringify('x'.repeat(JOB_BATCH_BYTES_MAX / 2 - 10)) };
    const { records } = given(asks('a', three, large), asks('b', three, large)).when(asks('c', three, large));
    expect(grantsIn(records).map(({ jobId, batch }) => [jobId, batch?.members.length])).toEqual([['a', 1]]);
  });

  it('are refused when the inputs of those that wait have no room in the state', () => {
    const some = { ...three, batchMax: 100, max: 1 };
    const large = { input: JSON.stringify('"'.repeat(15_000)) };
    const ids = Array.from({ length: 30 }, (_, n) => `job-${n}`);
    let slots: Slots = noSlots;
    const refused: string[] = [];
    for (const [n, id] of ids.entries()) {
      const at = { id: 'r', place: 'demo/1', timeMs: START_MS, correlationId: 'c', traceparent: 't' };
      const outputs = decide(slots, asks(id, some, { ...large, group: `${n}` }), at);
      slots = outputs.reduce(evolve, slots);
      refused.push(...outputs.flatMap((each) => (each.type === 'RefuseJobSlot' ? [each.data.code] : [])));
    }
    expect(new Set(refused)).toEqual(new Set(['JOB_QUEUE_FULL']));
    expect(slots.queue.length).toBeGreaterThan(5);
    expect(Buffer.byteLength(JSON.stringify(slots))).toBeLessThan(JOB_QUEUE_BYTES_MAX + 10_000);
  });

  it('run alone, each as a batch of one, once their type makes none', () => {
    expect(batchesIn(given(asks('a'), asks('b')).when(asks('c', {})).records)).toEqual([
      ['a', [], '["a"]'],
      ['b', [], '["b"]'],
      ['c', undefined, undefined],
    ]);
  });
});

it('the end of a batch goes to each of its members, in its place', () => {
  const end = { outcome: 'completed', output: '7', code: null, detail: null };
  const members = [
    { jobId: 'b', place: 'demo/2' },
    { jobId: 'c', place: 'demo/3' },
  ];
  when(endJobBatch({ slotKey: KEY, jobId: 'a', members, ...end })).then(
    ...members.map((member) => endBatchedJob({ ...member, batchId: 'a', ...end })),
  );
});

interface Case {
  readonly max: number | null;
  readonly batchMax: number;
  readonly rateLimit: number | null;
  readonly acts: readonly { readonly what: number; readonly job: number }[];
}
type Fold = typeof evolve;

/** Plays requests, returns, repeats and times, then lets all come to rest. Throws when a start is lost, runs twice or waits too long. */
function play({ max, batchMax, rateLimit, acts }: Case, fold: Fold = evolve): void {
  const limits = {
    ...{ ...noLimits, max, batchMax, batchWaitMs: 100, rateLimit },
    ratePeriodMs: rateLimit === null ? null : 50,
  };
  let slots: Slots = noSlots;
  let timeMs = 0;
  const sent: SlotInput[] = [];
  const askedAt = new Map<string, number>();
  const left = new Set<string>();
  const runs = new Map<string, number>();
  const leaders: string[] = [];

  const work = (input: SlotInput): void => {
    sent.push(input);
    const at = { id: 'r', place: 'demo/1', timeMs, correlationId: 'c', traceparent: 't' };
    for (const output of decide(slots, input, at)) {
      slots = fold(slots, output);
      if (output.type !== 'GrantJobSlot') continue;
      const { jobId, batch } = output.data;
      const ids = [jobId, ...(batch?.members ?? []).map((each) => each.jobId)];
      if (ids.length > batchMax) throw new Error(`a batch of ${ids.length}`);
      if (batch?.input !== JSON.stringify(ids)) throw new Error(`the input ${batch?.input} of ${ids.join()}`);
      if (new Set(ids.map((id) => id[0])).size > 1) throw new Error(`groups in one batch: ${ids.join()}`);
      const full = ids.length === batchMax;
      if (!full && timeMs < (askedAt.get(jobId) ?? 0) + 100) throw new Error(`${jobId} has not waited`);
      for (const id of ids) runs.set(id, (runs.get(id) ?? 0) + 1);
      leaders.push(jobId);
    }
    if (max !== null && slots.held.length > max) throw new Error(`${slots.held.length} slots of ${max}`);
  };
  const wake = (): boolean => {
    const [timer] = due(slots, KEY);
    if (timer === undefined) return false;
    timeMs = Math.max(timeMs, timer.atMs);
    work(timer.record);
    return true;
  };
  for (const [n, { what, job }] of acts.entries()) {
    if (what < 50) {
      const jobId = `${'gh'[job % 2]}${n}`;
      askedAt.set(jobId, timeMs);
      work(asks(jobId, limits, { group: jobId[0] ?? '' }));
    } else if (what < 65) {
      const jobId = [...askedAt.keys()][job % Math.max(1, askedAt.size)];
      if (jobId === undefined) continue;
      left.add(jobId);
      work(gives(jobId));
    } else if (what < 80) timeMs += what;
    else if (what < 90) wake();
    else {
      const again = sent[job % Math.max(1, sent.length)];
      // A job asks again with another number only: an old request of one that has its slot no more does not come back.
      if (again !== undefined && again.type !== 'RequestJobSlot') work(again);
    }
  }
  for (let turn = 0; turn < 1_000; turn += 1) {
    const leader = leaders.pop();
    if (leader !== undefined) work(gives(leader));
    else if (!wake()) break;
  }
  for (const [jobId] of askedAt) {
    const ran = runs.get(jobId) ?? 0;
    if (ran > 1 || (ran === 0 && !left.has(jobId))) throw new Error(`${jobId} runs ${ran} times`);
  }
  if (!isIdle(slots)) throw new Error(`slots are left: ${JSON.stringify(slots)}`);
}

const cases: fc.Arbitrary<Case> = fc.record({
  max: fc.constantFrom(null, 1, 2),
  batchMax: fc.integer({ min: 1, max: 4 }),
  rateLimit: fc.constantFrom(null, null, 1),
  acts: fc.array(fc.record({ what: fc.nat(99), job: fc.nat(50) }), { maxLength: 80, size: 'max' }),
});

describe('any interleaving of starts with batches', () => {
  it('runs each start once, in a batch of its group within its limits, and leaves no slot', () => {
    fc.assert(
      fc.property(cases, (each) => play(each)),
      { numRuns: 300 },
    );
  });

  it.each<[string, Fold]>([
    ['joined starts still wait', (slots, event) => (event.type === 'JobSlotJoined' ? slots : evolve(slots, event))],
    [
      'a start is lost that comes while others wait',
      (slots, event) => (event.type === 'JobSlotQueued' && slots.queue.length > 1 ? slots : evolve(slots, event)),
    ],
  ])('shows when %s', (_, fold) => {
    const found = fc.check(
      fc.property(cases, (each) => play(each, fold)),
      { numRuns: 300, seed: 1 },
    );
    expect(found.failed).toBe(true);
  });
});
