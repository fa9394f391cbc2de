/** Slots for any interleaving of requests, ends, holds, cancellations and repeats; with planted bugs, which it notices. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobLimits, releaseJobSlot, requestJobSlot } from '../../../schemas/generated/records.ts';
import type { RecordOf } from '../../kernel.ts';
import { decide, type SlotInput } from './decide.ts';
import { noLimits } from './limits.ts';
import { due, evolve, isIdle, noSlots, type Slots } from './state.ts';

const KEY = 'demo/report/key';
const LANES = ['interactive', 'standard', 'batch'] as const;
const JOBS = 6;

/** A job as the slots see it. */
interface ModelJob {
  readonly id: string;
  is: 'free' | 'asked' | 'held';
  request: number;
}

type Answer = RecordOf<'GrantJobSlot' | 'RefuseJobSlot' | 'SupersedeJob'>;

interface Plant {
  /** Changes what a job sends when it gives back its slot. */
  readonly onHold?: (release: SlotInput) => readonly SlotInput[];
  /** True when a job gives back its slot and goes on. */
  readonly freesEarly?: boolean;
}

const step = fc.record({ job: fc.nat(JOBS - 1), what: fc.nat(99), lane: fc.constantFrom(...LANES) });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Plays a history and lets it come to rest. Throws when more than `max` jobs hold a slot, one waits without limit, or one leaks. */
function play(limits: JobLimits, history: readonly Step[], plant: Plant = {}): void {
  const jobs = Array.from({ length: JOBS }, (_, n): ModelJob => ({ id: `job-${n}`, is: 'free', request: 0 }));
  /** From jobs, in the order of each job; and all that was ever sent, which may come again. */
  const sent: SlotInput[] = [];
  const inbox: SlotInput[] = [];
  const answers: Answer[] = [];
  let slots: Slots = noSlots;
  let timeMs = 0;
  const max = limits.max ?? JOBS;

  const send = (input: SlotInput): void => {
    inbox.push(input);
    sent.push(input);
  };
  const releaseOf = ({ id, request }: ModelJob) => releaseJobSlot({ slotKey: KEY, jobId: id, request });
  const work = (input: SlotInput): void => {
    const at = { id: 'r', place: 'demo/1', timeMs, correlationId: 'c', traceparent: 't' };
    for (const output of decide(slots, input, at)) {
      slots = evolve(slots, output);
      if (output.type === 'GrantJobSlot' || output.type === 'RefuseJobSlot' || output.type === 'SupersedeJob')
        answers.push(output);
    }
  };
  const take = (answer: Answer): void => {
    const job = jobs.find(({ id }) => id === answer.data.jobId);
    if (job === undefined) return;
    const isMine = job.request === answer.data.request;
    if (answer.type !== 'GrantJobSlot') {
      if (isMine && job.is !== 'free') give(job, false);
      return;
    }
    if (isMine && job.is === 'held') return;
    if (isMine && job.is === 'asked') {
      job.is = 'held';
      if (plant.freesEarly) send(releaseOf(job));
      const holders = jobs.filter(({ is }) => is === 'held').length;
      if (holders > max) throw new Error(`${holders} jobs hold a slot of ${max}`);
    } else send(releaseJobSlot(answer.data));
  };
  const ask = (job: ModelJob, lane: string): void => {
    job.is = 'asked';
    job.request += 1;
    send(requestJobSlot({ slotKey: KEY, jobId: job.id, request: job.request, lane, limits, batch: null }));
  };
  const give = (job: ModelJob, isHeld: boolean): void => {
    const release = releaseOf(job);
    job.is = 'free';
    for (const input of isHeld && plant.onHold ? plant.onHold(release) : [release]) send(input);
  };
  /** Takes the first record of one job: records of different jobs come in any order. */
  const deliver = (nth: number): void => {
    const senders = [...new Set(inbox.map(({ data }) => ('jobId' in data ? data.jobId : '')))];
    const sender = senders[nth % Math.max(1, senders.length)];
    const index = inbox.findIndex(({ data }) => 'jobId' in data && data.jobId === sender);
    const [input] = index === -1 ? [] : inbox.splice(index, 1);
    if (input !== undefined) work(input);
  };
  const wake = (): void => {
    const [timer] = due(slots, KEY);
    if (timer === undefined) return;
    timeMs = Math.max(timeMs, timer.atMs);
    work(timer.record);
  };

  for (const { job: nth, what, lane } of history) {
    const job = jobs[nth];
    if (job === undefined) continue;
    if (what < 20) {
      if (job.is === 'free') ask(job, lane);
    } else if (what < 30) {
      if (job.is !== 'free') give(job, what < 25);
    } else if (what < 55) deliver(nth);
    else if (what < 80) {
      const [answer] = answers.splice(nth % Math.max(1, answers.length), 1);
      if (answer !== undefined) take(answer);
    } else if (what < 90) timeMs += what;
    else if (what < 94) wake();
    else {
      const again = sent[(nth * 17 + what) % Math.max(1, sent.length)];
      if (again !== undefined) work(again);
    }
  }
  // At rest: what was sent has come, each holder ends, and each job that waits is granted.
  for (let turn = 0; turn < 1_000; turn += 1) {
    while (inbox.length > 0) deliver(0);
    const answer = answers.shift();
    if (answer !== undefined) {
      take(answer);
      continue;
    }
    const holder = jobs.find(({ is }) => is === 'held');
    if (holder !== undefined) give(holder, false);
    else if (due(slots, KEY).length > 0) wake();
    else break;
  }
  if (jobs.some(({ is }) => is === 'asked')) throw new Error('a job is not granted a slot');
  if (!isIdle(slots) || slots.rateAt !== 0) throw new Error(`slots are left: ${JSON.stringify(slots)}`);
}

const limits: fc.Arbitrary<JobLimits> = fc
  .record({
    max: fc.integer({ min: 1, max: 3 }),
    rateLimit: fc.constantFrom(null, null, 1, 3),
    singleton: fc.constantFrom(null, null, null, 'skip', 'cancel'),
    debounceMs: fc.constantFrom(null, null, null, 50),
  })
  .map((some) => ({
    ...noLimits,
    ...some,
    max: some.singleton === null ? some.max : 1,
    ratePeriodMs: some.rateLimit === null ? null : 1_000,
  }));

const cases = fc.tuple(limits, fc.array(step, { maxLength: 300, size: 'max' }));

describe('the slots of a key', () => {
  it('are never more than their number, go to every job that waits, and do not leak', () => {
    fc.assert(
      fc.property(cases, ([limits, history]) => play(limits, history)),
      { numRuns: 300 },
    );
  });

  it.each<[string, Plant]>([
    ['a slot is freed before the end', { freesEarly: true }],
    ['a release is lost when a job is held', { onHold: () => [] }],
  ])('show when %s', (_, plant) => {
    const found = fc.check(
      fc.property(cases, ([limits, history]) => play(limits, history, plant)),
      { numRuns: 300, seed: 1 },
    );
    expect(found.failed).toBe(true);
  });
});
