import { describe, expect, it } from 'vitest';
import type { AnyRecord, RecordOf } from '../../../schemas/generated/records.ts';
import type { WorkContext, Worker } from '../../../streams/kernel.ts';
import { eventually } from '../contract/testing.ts';
import { codeOf } from '../errors.ts';
import { answer } from './testing.ts';
import { open, sleep } from './worker-bench/testing.ts';

/** In these tests an EmbedText cancels the earlier InferText of its key whose prompt it names. */
const cancels: Worker['cancels'] = {
  by: ['EmbedText'],
  of: (cancel, earlier) =>
    cancel.type === 'EmbedText' && earlier.type === 'InferText' && cancel.data.input[0] === earlier.data.prompt,
};
const cancelOf = (requestId: string, prompt: string): RecordOf<'EmbedText'> => ({
  type: 'EmbedText',
  data: { requestId, principal: 'p', capabilities: [], model: null, input: [prompt], credential: null, labels: [] },
});
const untilAborted = ({ signal }: WorkContext): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('something less telling')));
  });
const tellEnd = (key: string, prompt: string, { emit, attempt }: WorkContext): Promise<void> =>
  emit(answer(key, attempt, `ended ${prompt}`));

describe('a cancel', () => {
  it('ends what runs as soon as it is read, tells why, and lets the key go on', async () => {
    const { start, send, append, settled, abandoned, codes, answers, metric } = await open(1, { cancels });
    const reasons: string[] = [];
    const runner = start(async (_key, prompt, context) => {
      if (prompt !== 'long') return;
      await untilAborted(context).catch((error: unknown) => {
        reasons.push(codeOf(context.signal.reason));
        throw error;
      });
    }, tellEnd);
    await send(['a', 'long'], ['a', 'next']);
    await sleep(20);
    expect(reasons).toEqual([]);
    await append(cancelOf('a', 'long'), 'a');
    await settled();
    await runner.close();
    expect(reasons).toEqual(['WORK_CANCELLED']);
    expect(codes).toEqual(['WORK_CANCELLED']);
    expect(abandoned).toHaveLength(1);
    expect((await answers('a')).get('a')).toEqual(['2:ended long', '1:next']);
    expect(await metric('khipu_worker_abandoned_total')).toBe(1);
  });

  it('abandons what waits without running it, only what it means, and nothing that comes after it', async () => {
    const { start, send, append, settled, runs, codes } = await open(1, { cancels });
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const runner = start((_key, prompt) => (prompt === 'first' ? held : Promise.resolve()), tellEnd);
    await send(['a', 'first'], ['a', 'meant'], ['a', 'other'], ['b', 'meant']);
    await append(cancelOf('a', 'meant'), 'a');
    await send(['a', 'meant']);
    await sleep(20);
    go();
    await settled();
    await runner.close();
    expect(runs).toEqual(['a:first', 'b:meant', 'a:other', 'a:meant']);
    expect(codes).toEqual(['WORK_CANCELLED']);
  });

  it('ends the wait before another try', async () => {
    const clock = { now: Date.now, random: () => 0, sleep: (ms: number, s?: AbortSignal) => waitLong(ms, s) };
    const { start, send, append, settled, runs, codes } = await open(1, { cancels, attemptsMax: 10 }, clock);
    const runner = start(() => Promise.reject(new Error('not yet')), tellEnd);
    await send(['a', 'x']);
    await eventually(() => expect(runs).toEqual(['a:x']));
    await append(cancelOf('a', 'x'), 'a');
    await settled();
    await runner.close();
    expect(runs).toEqual(['a:x']);
    expect(codes).toEqual(['WORK_CANCELLED']);
  });

  it('is known again after a crash: what it ended is not begun', async () => {
    const { start, send, append, settled, runs, codes, at, answers } = await open(1, { cancels });
    const first = start(async (_key, prompt) => {
      if (prompt === 'long') await new Promise(() => undefined);
    }, tellEnd);
    await send(['a', 'long']);
    await eventually(() => expect(runs).toEqual(['a:long']));
    let failing = true;
    at(async (point) => {
      if (failing && point === 'commit') throw new Error('the process stumbled');
    });
    await append(cancelOf('a', 'long'), 'a');
    await send(['b', 'x']);
    await eventually(() => expect(runs).toContain('b:x'));
    failing = false;
    await settled();
    await first.close();
    expect(runs.filter((run) => run === 'a:long')).toHaveLength(1);
    expect(codes.at(-1)).toBe('WORK_CANCELLED');
    expect((await answers('a')).get('a')).toHaveLength(1);
  });

  it('that means nothing is passed over', async () => {
    const { start, append, send, settled, runs, codes } = await open(1, { cancels });
    const runner = start(async () => undefined);
    await append(cancelOf('a', 'nothing') as AnyRecord, 'a');
    await send(['a', 'x']);
    await settled();
    await runner.close();
    expect(runs).toEqual(['a:x']);
    expect(codes).toEqual([]);
  });
});

describe('a deadline', () => {
  it('is told by a code of its own, whatever the handler throws when it is aborted', async () => {
    const { start, send, settled, codes, runs } = await open(1, { deadlineMs: 20, attemptsMax: 2 });
    const runner = start((_key, _prompt, context) => untilAborted(context), tellEnd);
    await send(['a', 'x']);
    await settled();
    await runner.close();
    expect(runs).toHaveLength(2);
    expect(codes).toEqual(['WORK_DEADLINE']);
  });
});

/** Waits of a retry last for ever; others as long as they should. */
function waitLong(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms === 200 ? 1_000_000 : Math.min(ms, 1_000_000));
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
