import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { type JobEntry, loadJobEntries, type RunJob, runJob, stopJobRun } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { aSwitch } from '../../../streams/testing.ts';
import { readingOf, watch } from '../../runner/testing/by-hand.ts';
import { ManualClock } from '../../runner/testing/processors.ts';
import { switchBoard } from '../../runner/testing/switches.ts';
import { doing, settles } from '../engine/testing.ts';
import { MemoryFiles } from '../files/testing.ts';
import type { AnyJob } from '../sdk/job.ts';
import { createJobRunner, type JobWork } from './handler.ts';
import { createJobMetrics } from './metrics.ts';

const JOB = '11111111-1111-4111-8111-111111111111';

/** Opens a runner of the queue `mine` with one job, `test`, and returns what its runs write. */
function open(run: Parameters<typeof doing>[0] = async () => 1, over: Partial<AnyJob> = {}) {
  const clock = new ManualClock();
  const metrics = createJobMetrics(new Registry());
  const board = switchBoard();
  const { switches } = board;
  const files = new MemoryFiles();
  const runner = createJobRunner({ queue: 'mine', jobs: [doing(run, over)], switches, files, clock, metrics });
  const committed: AnyRecord[] = [];
  const ended: AnyRecord[] = [];
  const contextOf = (record: JobWork, changes: Partial<WorkContext> = {}): WorkContext => ({
    ...{ meta: metaFor(record, { tenantId: 'acme' }), attempt: 1, inherited: false, idempotencyKey: 'k' },
    signal: new AbortController().signal,
    emit: () => Promise.reject(new Error('the handler must commit')),
    commit: async (...records) => void committed.push(...records),
    end: (...records) => void ended.push(...records),
    ...changes,
  });
  const handle = (record: JobWork, changes?: Partial<WorkContext>) => runner.handle(record, contextOf(record, changes));
  return { runner, board, handle, contextOf, clock, committed, ended, metrics, files };
}

const work = (changes: Partial<RunJob> = {}) =>
  runJob({
    ...{ jobId: JOB, generation: 1, type: 'test', version: 1, queue: 'mine', input: 'null', principal: 'p', pages: 0 },
    ...{ attempt: 1, deadline: null, acceptedAt: 1, lane: 'standard', isBatch: false },
    ...{ simulation: null, ...changes },
  });
const entry = (name: string): JobEntry => ({
  ...{ path: '', name, nth: 1, kind: 'step', outcome: 'completed', output: `"${name}"`, code: null, detail: null },
  ...{ generation: 1, attempts: 1, startedAt: 0, endedAt: 0 },
});
const page = (number: number, generation: number, ...names: readonly string[]) =>
  loadJobEntries({ pageKey: `${JOB}/journal`, jobId: JOB, generation, page: number, entries: names.map(entry) });
const stop = (generation: number, mode: string) =>
  stopJobRun({ controlKey: `${JOB}/control`, jobId: JOB, generation, mode });

const endOf = (ended: readonly AnyRecord[]) => ended.at(-1)?.data;
const steps = async (ctx: { step(name: string, fn: () => string): Promise<string> }): Promise<string[]> => [
  await ctx.step('a', () => 'new a'),
  await ctx.step('b', () => 'new b'),
];

describe('a run of a job', () => {
  it('commits its steps and ends with its result, under its generation', async () => {
    const { handle, committed, ended, metrics } = open(steps as never);
    await handle(work({ generation: 7 }));
    expect(committed.map(({ type, data }) => [type, data])).toMatchObject([
      ['RecordJobStep', { jobId: JOB, generation: 7, entry: { name: 'a', output: '"new a"', generation: 7 } }],
      ['RecordJobStep', { jobId: JOB, generation: 7, entry: { name: 'b' } }],
    ]);
    expect(ended).toEqual([
      {
        type: 'EndJobRun',
        data: {
          ...{ jobId: JOB, generation: 7, outcome: 'completed', output: '["new a","new b"]' },
          ...{ code: null, detail: null, retryable: true },
        },
      },
    ]);
    expect(await readingOf(metrics.runs)).toEqual({ 'test completed': 1 });
    expect(await readingOf(metrics.steps)).toEqual({ 'test completed': 2 });
  });

  it('ends with its waits and progress in one transaction', async () => {
    const { handle, committed, ended } = open(async (ctx) => {
      ctx.progress(10, 'waits');
      await ctx.sleep(5);
    });
    await handle(work());
    expect(committed).toEqual([]);
    expect(ended).toMatchObject([
      { type: 'RecordJobWait', data: { jobId: JOB, generation: 1, wait: { name: 'sleep', kind: 'sleep' } } },
      { type: 'RecordJobProgress', data: { percent: 10, message: 'waits' } },
      { type: 'EndJobRun', data: { outcome: 'waiting' } },
    ]);
  });

  it('waits for every page of its journal, in any order, also those that came before it', async () => {
    const { handle, committed, ended } = open(steps as never);
    await handle(page(1, 2, 'b'));
    const running = watch(handle(work({ generation: 2, pages: 2 })));
    await settles();
    expect([running.over, committed]).toEqual([false, []]);
    await handle(page(0, 2, 'a'));
    await settles();
    expect([running.over, committed]).toEqual([true, []]);
    expect(endOf(ended)).toMatchObject({ outcome: 'completed', output: '["a","b"]' });
  });

  it('takes no page of another run, and is lost when its own do not come within 30 s, or 2 s for an inherited one', async () => {
    for (const [inherited, ms] of [
      [false, 30_000],
      [true, 2_000],
    ] as const) {
      const { handle, ended, clock } = open(steps as never);
      await handle(page(0, 1, 'a'));
      const running = watch(handle(work({ generation: 2, pages: 1 }), { inherited }));
      await settles();
      clock.advance(ms - 1);
      await settles();
      expect(running.over).toBe(false);
      clock.advance(1);
      await settles();
      expect([running.over, endOf(ended)]).toMatchObject([true, { outcome: 'lost' }]);
    }
  });

  it('that was begun before is lost, without running its code', async () => {
    let ran = false;
    const { handle, ended, runner, contextOf } = open(async () => {
      ran = true;
    });
    await handle(work(), { attempt: 2 });
    expect([ran, endOf(ended)]).toMatchObject([false, { outcome: 'lost', code: null, generation: 1 }]);
    ended.length = 0;
    await runner.abandon(work(), contextOf(work()), new Error('no attempt is left'));
    expect(endOf(ended)).toMatchObject({ outcome: 'lost' });
  });

  it('of another queue is not run, and its pages are forgotten', async () => {
    const { handle, ended, runner, contextOf } = open();
    await handle(page(0, 1, 'a'));
    const other = work({ queue: 'theirs', pages: 1 });
    await handle(other);
    await runner.abandon(other, contextOf(other), new Error('no attempt is left'));
    expect(ended).toEqual([]);
  });

  it('of an unknown type, or of a version that the worker does not have yet, fails and is repeated', async () => {
    const { handle, ended } = open(async () => 1, { version: 2 });
    await handle(work({ type: 'other' }));
    expect(endOf(ended)).toMatchObject({ outcome: 'failed', code: 'JOB_TYPE_UNKNOWN', retryable: true });
    await handle(work({ version: 3 }));
    expect(endOf(ended)).toMatchObject({ outcome: 'failed', code: 'JOB_VERSION_UNKNOWN', retryable: true });
    for (const version of [1, 2]) {
      await handle(work({ version }));
      expect(endOf(ended)).toMatchObject({ outcome: 'completed' });
    }
  });

  it('whose code does not fit the journal ends as a mismatch that names both', async () => {
    const { handle, ended, clock } = open(steps as never);
    await handle(page(0, 1, 'c'));
    const running = watch(handle(work({ pages: 1 })));
    await settles();
    clock.advance(1_000);
    await settles();
    expect([running.over, endOf(ended)]).toMatchObject([
      true,
      {
        ...{ outcome: 'mismatch', code: 'JOURNAL_MISMATCH', retryable: false },
        detail: "the journal has step 'c'; the code asks for step 'a' instead",
      },
    ]);
  });

  it('rejects, without an end, when the partition is lost or the process stops', async () => {
    const lost = new AbortController();
    const { handle, ended } = open((ctx) =>
      ctx.step(
        'a',
        ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ),
    );
    const running = watch(handle(work(), { signal: lost.signal }));
    await settles();
    lost.abort(new Error('the partition was lost'));
    await settles();
    expect([running.over, String(running.error), ended]).toEqual([true, 'Error: the partition was lost', []]);
  });

  it('rejects when a commit is refused', async () => {
    const { handle, ended } = open(steps as never);
    const commit = async (): Promise<void> => {
      throw new Error('fenced');
    };
    await expect(handle(work(), { commit })).rejects.toThrow('fenced');
    expect(ended).toEqual([]);
  });
});

describe('a request to end a run', () => {
  it('aborts its steps, or lets them end', async () => {
    for (const [mode, output] of [
      ['stop', []],
      ['finish_step', ['"done"']],
      ['an unknown mode', []],
    ] as const) {
      const gate = Promise.withResolvers<string>();
      const { handle, committed, ended } = open(async (ctx) => {
        await ctx.step('a', ({ signal }) => {
          signal.addEventListener('abort', () => gate.reject(signal.reason));
          return gate.promise;
        });
        await ctx.step('next', () => 1);
      });
      const running = watch(handle(work()));
      await settles();
      await handle(stop(1, mode));
      await settles();
      gate.resolve('done');
      await settles();
      expect([running.over, endOf(ended)]).toMatchObject([true, { outcome: 'stopped' }]);
      const entries = committed.map(({ data }) => 'entry' in data && (data.entry as JobEntry).output);
      expect(entries).toEqual(output);
    }
  });

  it('that comes before its run holds for it, and for no other run', async () => {
    const { handle, ended } = open();
    await handle(stop(1, 'stop'));
    await handle(work());
    expect(endOf(ended)).toMatchObject({ generation: 1, outcome: 'stopped' });
    await handle(stop(1, 'stop'));
    await handle(work({ generation: 2 }));
    expect(endOf(ended)).toMatchObject({ generation: 2, outcome: 'completed' });
  });

  it('of an earlier run does not end a later one', async () => {
    const gate = Promise.withResolvers<string>();
    const { handle, ended } = open((ctx) => ctx.step('a', () => gate.promise));
    const running = watch(handle(work({ generation: 2 })));
    await settles();
    await handle(stop(1, 'stop'));
    gate.resolve('done');
    await settles();
    expect([running.over, endOf(ended)]).toMatchObject([true, { outcome: 'completed' }]);
  });
});

describe('a run under a kill switch', () => {
  const aborts = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  it.each([
    ['global', 'stop'],
    ['tenant:acme', 'stop'],
    ['job:test', 'stop'],
    ['job:test', 'finish_step'],
  ] as const)('of the scope %s and the mode %s does not begin, and its job is suspended', async (scope, mode) => {
    const { handle, board, committed, ended } = open(steps as never);
    board.set(aSwitch(scope, { mode }));
    await handle(work());
    expect(committed).toEqual([]);
    expect(endOf(ended)).toMatchObject({
      ...{ outcome: 'suspended', code: 'KILL_SWITCH', detail: `Stopped by the kill switch ${scope}.` },
    });
    expect(board.listeners.size).toBe(0);
  });

  it('ends at once: its step is aborted and is not recorded', async () => {
    const { handle, board, committed, ended } = open(async (ctx) => {
      await ctx.step('a', () => 'done');
      await ctx.step('b', ({ signal }) => aborts(signal));
    });
    const running = watch(handle(work()));
    await settles();
    expect(running.over).toBe(false);
    board.set(aSwitch('job:test'));
    await settles();
    expect(running.over).toBe(true);
    expect(committed).toMatchObject([{ type: 'RecordJobStep', data: { entry: { name: 'a' } } }]);
    expect(endOf(ended)).toMatchObject({ outcome: 'suspended', code: 'KILL_SWITCH' });
  });

  it('of mode finish_step ends after its running steps: their results are recorded, and no further one begins', async () => {
    const gate = Promise.withResolvers<string>();
    let further = 0;
    const { handle, board, committed, ended } = open(async (ctx) => {
      await ctx.all([(branch) => branch.step('left', () => gate.promise), (branch) => branch.step('right', () => 'r')]);
      ctx.progress(50, 'half');
      await ctx.step('further', () => {
        further += 1;
      });
    });
    const running = watch(handle(work()));
    await settles();
    board.set(aSwitch('job:test', { mode: 'finish_step' }));
    await settles();
    expect(running.over).toBe(false);
    gate.resolve('l');
    await settles();
    expect([running.over, further]).toEqual([true, 0]);
    expect(committed.map(({ data }) => 'entry' in data && (data.entry as JobEntry).output)).toEqual(['"r"', '"l"']);
    expect(ended.map(({ type }) => type)).toEqual(['RecordJobProgress', 'EndJobRun']);
    expect(endOf(ended)).toMatchObject({
      ...{ outcome: 'suspended', code: 'KILL_SWITCH', detail: 'Stopped by the kill switch job:test.' },
    });
    expect(board.listeners.size).toBe(0);
  });

  it('of mode finish_step completes when no step is left, and ends at once when the mode becomes stop', async () => {
    const gate = Promise.withResolvers<string>();
    const last = open((ctx) => ctx.step('a', () => gate.promise));
    const completing = watch(last.handle(work()));
    const slow = open((ctx) => ctx.step('a', ({ signal }) => aborts(signal)));
    const stopping = watch(slow.handle(work()));
    await settles();
    for (const { board } of [last, slow]) board.set(aSwitch('global', { mode: 'finish_step' }));
    gate.resolve('done');
    await settles();
    expect([completing.over, endOf(last.ended), stopping.over]).toMatchObject([true, { outcome: 'completed' }, false]);
    slow.board.set(aSwitch('global'));
    await settles();
    expect([stopping.over, endOf(slow.ended)]).toMatchObject([true, { outcome: 'suspended', code: 'KILL_SWITCH' }]);
  });

  it('goes on when the switch lets accepted work finish, or is of something else', async () => {
    const { handle, board, ended } = open(steps as never);
    board.set(aSwitch('global', { mode: 'drain' }), aSwitch('tenant:other'), aSwitch('job:other'));
    await handle(work());
    expect(endOf(ended)).toMatchObject({ outcome: 'completed' });
  });
});
