import { describe, expect, it } from 'vitest';
import { JOB_QUEUE_MAX, type JobLane } from '../../schemas/contexts/jobs.ts';
import {
  type JobLimits,
  jobSlotQueued,
  refuseJobSlot,
  releaseJobSlot,
  requestJobSlot,
  supersedeJob,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { decide } from './admission/decide.ts';
import { noLimits } from './admission/limits.ts';
import { noSlots, type Slots, evolve as withEvent } from './admission/state.ts';
import { jobAdmission } from './job-admission.ts';
import { START_MS } from './testing.ts';

const KEY = 'demo/report/customer-42';
const { given, when } = scenarios(jobAdmission, { startMs: START_MS });

const asks = (jobId: string, limits: Partial<JobLimits> = { max: 1 }, lane: JobLane = 'standard', request = 1) =>
  requestJobSlot({ slotKey: KEY, jobId, request, lane, limits: { ...noLimits, ...limits }, batch: null });
const gives = (jobId: string, request = 1) => releaseJobSlot({ slotKey: KEY, jobId, request });
/** What the outputs say, in short: `a queued`, `a granted`. */
const said = (records: readonly AnyRecord[]): readonly string[] =>
  records.flatMap(({ type, data }) =>
    type.startsWith('JobSlot') ? [`${(data as { jobId?: string }).jobId ?? 'key'} ${type.slice(7).toLowerCase()}`] : [],
  );
const toJobs = (records: readonly AnyRecord[]) =>
  records.filter(({ type }) => ['GrantJobSlot', 'RefuseJobSlot', 'SupersedeJob'].includes(type));
const grantedIn = (records: readonly AnyRecord[]): readonly string[] =>
  records
    .filter((record): record is RecordOf<'GrantJobSlot'> => record.type === 'GrantJobSlot')
    .map(({ data }) => data.jobId);

describe('a slot of a concurrency key', () => {
  it('is granted at once while one is free, and to the oldest that waits once one is given back', () => {
    expect(said(when(asks('a')).records)).toEqual(['a queued', 'a granted']);
    expect(said(given(asks('a')).when(asks('b')).records)).toEqual(['b queued']);
    expect(said(given(asks('a'), asks('b'), asks('c')).when(gives('a')).records)).toEqual(['a released', 'b granted']);
  });

  it('is one of as many as the latest request says', () => {
    const three = { max: 3 };
    expect(said(given(asks('a', three), asks('b', three)).when(asks('c', three)).records)).toEqual([
      'c queued',
      'c granted',
    ]);
    const more = given(asks('a'), asks('b'), asks('c')).when(asks('d', three));
    expect(said(more.records)).toEqual(['d queued', 'b granted', 'c granted']);
  });

  it('is granted in the place and the chain of the job that asked, whichever job gave it back', () => {
    const driver = createDriver({ processors: [jobAdmission], startMs: START_MS });
    driver.append(asks('a'), { place: 'demo/1' });
    const { meta } = driver.append(asks('b'), { place: 'demo/2' });
    driver.run();
    driver.advance(5_000);
    driver.append(gives('a'), { place: 'demo/1' });
    driver.run();
    const grant = driver.records('jobs.grants').at(-1);
    expect(grant?.record.data).toMatchObject({ jobId: 'b', slotKey: KEY, request: 1 });
    // The run begins when it is granted, not when it was asked for.
    expect(grant?.meta).toMatchObject({
      ...{ place: 'demo/2', correlationId: meta.correlationId, timeMs: START_MS + 5_000 },
    });
  });

  it('is given back once: repeats, and returns by a job that has none, change nothing', () => {
    given(asks('a'), asks('b')).when(asks('b')).then();
    given(asks('a')).when(asks('a')).then();
    given(asks('a'), asks('b'), gives('a')).when(gives('a')).then();
    when(gives('a')).then();
    given(asks('a', { max: 1 }, 'standard', 2))
      .when(gives('a', 1))
      .then();
    given(asks('a', { max: 1 }, 'standard', 2))
      .when(asks('a'))
      .then();
  });

  it('is not waited for by a job that has left the queue', () => {
    expect(said(given(asks('a'), asks('b'), asks('c'), gives('b')).when(gives('a')).records)).toEqual([
      'a released',
      'c granted',
    ]);
  });

  it('is not held twice by a job that asks again before its return has come', () => {
    const again = given(asks('a'), asks('b')).when(asks('a', { max: 1 }, 'standard', 2));
    expect(said(again.records)).toEqual(['a released', 'a queued', 'b granted']);
  });

  it('leaves no state once no job has or waits for one', () => {
    expect(given(asks('a')).when(gives('a')).state).toBeUndefined();
  });
});

describe('lanes of a concurrency key', () => {
  it('are served interactive before standard before batch, each in order', () => {
    const order = (['batch', 'standard', 'interactive', 'standard', 'interactive'] as const).map((lane, n) =>
      asks(`${lane}-${n}`, { max: 1 }, lane),
    );
    const ends = ['holder', 'interactive-2', 'interactive-4', 'standard-1', 'standard-3'];
    const granted = ends.map((_, nth) => {
      const { records } = given(asks('holder'), ...order, ...ends.slice(0, nth).map((id) => gives(id))).when(
        gives(ends[nth] ?? ''),
      );
      return grantedIn(records)[0];
    });
    expect(granted).toEqual(['interactive-2', 'interactive-4', 'standard-1', 'standard-3', 'batch-0']);
  });

  it('give every eighth slot to the oldest job, so that none waits without limit', () => {
    let slots: Slots = noSlots;
    const order: string[] = [];
    const at = { id: 'r', place: 'demo/1', timeMs: START_MS, correlationId: 'c', traceparent: 't' };
    const play = (input: ReturnType<typeof asks> | ReturnType<typeof gives>) => {
      const outputs = decide(slots, input, at);
      slots = outputs.reduce(withEvent, slots);
      order.push(...grantedIn(outputs));
    };
    play(asks('first'));
    play(asks('old', { max: 1 }, 'batch'));
    for (let n = 0; n < 20 && !order.includes('old'); n += 1) {
      play(asks(`new-${n}`, { max: 1 }, 'interactive'));
      play(gives(order.at(-1) ?? ''));
    }
    expect(order.indexOf('old')).toBe(7);
  });
});

describe('the queue of a concurrency key', () => {
  const at = { id: 'r', place: 'demo/1', timeMs: START_MS, correlationId: 'c', traceparent: 't' };
  /** A key with one slot, held by `a`, and as many jobs that wait as there may be. */
  const fullOf = (limits: Partial<JobLimits>): Slots => {
    const chain = { correlationId: 'c', traceparent: 't', requestDigest: null, time: START_MS };
    const waiting = Array.from({ length: JOB_QUEUE_MAX }, (_, n) =>
      jobSlotQueued({
        ...{ slotKey: KEY, jobId: `w${n}`, request: 1, place: 'demo/1', lane: 'standard', notBefore: null, chain },
        ...{ batch: null, limits: { ...noLimits, max: 1, ...limits } },
      }),
    );
    return { ...waiting.reduce(withEvent, noSlots), held: [{ jobId: 'a', request: 1, place: 'demo/1' }] };
  };

  it('of runs lets a further one begin at once, and gives its slot to none: no job fails for its lane', () => {
    const perRun = { max: 1, isPerRun: true };
    const slots = fullOf(perRun);
    const outputs = decide(slots, asks('late', perRun), at);
    expect(said(outputs)).toEqual(['late queued', 'late granted']);
    const after = outputs.reduce(withEvent, slots);
    expect(after.queue).toHaveLength(JOB_QUEUE_MAX);
    expect(said(decide(after, gives('late'), at))).toEqual(['late released']);
    expect(said(decide(outputs.reduce(withEvent, slots), gives('a'), at))).toEqual(['a released']);
  });

  it(`has at most ${JOB_QUEUE_MAX} jobs; a further one is refused`, () => {
    const slots = fullOf({});
    const detail = `${JOB_QUEUE_MAX} jobs of the key wait already; start it again later.`;
    expect(toJobs(decide(slots, asks('late'), at))).toEqual([
      refuseJobSlot({ jobId: 'late', place: 'demo/1', request: 1, code: 'JOB_QUEUE_FULL', detail }),
    ]);
    expect(Buffer.byteLength(JSON.stringify(slots))).toBeLessThan(1_000_000);
  });
});

describe('a rate of a concurrency key', () => {
  const rate = { rateLimit: 2, ratePeriodMs: 10_000 };

  it('grants its limit in a row, then one each part of its period', () => {
    const history = ['a', 'b', 'c', 'd'].map((id) => asks(id, rate));
    const { records } = given(...history.slice(0, 2)).when(asks('c', rate));
    expect(said(records)).toEqual(['c queued']);
    expect(grantedIn(given(...history).after(4_999).records)).toEqual([]);
    expect(grantedIn(given(...history).after(5_000).records)).toEqual(['c']);
    expect(grantedIn(given(...history).after(10_000).records)).toEqual(['c', 'd']);
  });

  it('bounds no jobs that hold a slot, unless a cap does', () => {
    const { state } = given(asks('a', rate)).when(asks('b', rate));
    expect((state as Slots).held).toEqual([]);
    const both = { ...rate, max: 1 };
    expect(grantedIn(given(asks('a', both), asks('b', both)).after(60_000).records)).toEqual([]);
  });

  it('is forgotten once it has nothing left to remember', () => {
    const outcome = given(asks('a', rate)).after(5_000);
    expect(said(outcome.records)).toEqual(['key cleared']);
    expect(outcome.state).toBeUndefined();
  });
});

describe('a singleton', () => {
  it('that skips refuses a job while another one has not ended, and names it', () => {
    const skip = { singleton: 'skip' };
    const outcome = given(asks('a', skip)).when(asks('b', skip));
    expect(said(outcome.records)).toEqual(['b refused']);
    expect(toJobs(outcome.records)[0]?.data).toMatchObject({
      ...{ jobId: 'b', code: 'JOB_SINGLETON', detail: 'The job a of the same key has not ended.' },
    });
    expect(said(given(asks('a', skip), gives('a')).when(asks('b', skip)).records)).toEqual(['b queued', 'b granted']);
  });

  it('that cancels replaces the job that runs and the one that waits, and runs after the former has ended', () => {
    const cancel = { singleton: 'cancel' };
    const first = given(asks('a', cancel)).when(asks('b', cancel));
    expect(said(first.records)).toEqual(['a superseded', 'b queued']);
    expect(toJobs(first.records)).toMatchObject(
      [supersedeJob({ jobId: 'a', place: 'x', request: 1, by: 'b' })].map(({ type }) => ({ type })),
    );
    const second = given(asks('a', cancel), asks('b', cancel)).when(asks('c', cancel));
    expect(said(second.records)).toEqual(['a superseded', 'b superseded', 'c queued']);
    expect(said(given(asks('a', cancel), asks('b', cancel), asks('c', cancel)).when(gives('a')).records)).toEqual([
      'a released',
      'c granted',
    ]);
  });
});

describe('a debounced start', () => {
  const debounce = { debounceMs: 1_000 };

  it('waits, and is replaced by a newer one meanwhile', () => {
    expect(said(when(asks('a', debounce)).records)).toEqual(['a queued']);
    const newer = given(asks('a', debounce)).when(asks('b', debounce));
    expect(said(newer.records)).toEqual(['a superseded', 'b queued']);
    expect(grantedIn(given(asks('a', debounce)).after(999).records)).toEqual([]);
    expect(grantedIn(given(asks('a', debounce), asks('b', debounce)).after(1_000).records)).toEqual(['b']);
  });

  it('is not waited for by a job that asks again', () => {
    expect(said(when(asks('a', debounce, 'standard', 2)).records)).toEqual(['a queued', 'a granted']);
  });
});

describe('limits out of their bounds', () => {
  it('are those bounds', () => {
    expect(said(when(asks('a', { max: -5 })).records)).toEqual(['a queued', 'a granted']);
    const wild = { rateLimit: 0, ratePeriodMs: -1, debounceMs: -1 };
    expect(said(when(asks('a', wild)).records)).toEqual(['a queued', 'a granted']);
  });
});
