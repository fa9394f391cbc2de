import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlmChunk, SlmDone } from '../providers/provider.ts';
import { coalesced } from './coalesce.ts';

const done = (text: string): SlmDone => ({
  kind: 'done',
  text,
  modelId: 'm',
  finishReason: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
  timeToFirstTokenMs: 1,
  latencyMs: 2,
});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Yields each text after so many ms, then the end. */
async function* timed(pieces: readonly (readonly [afterMs: number, text: string])[]): AsyncGenerator<SlmChunk> {
  for (const [afterMs, text] of pieces) {
    if (afterMs > 0) await pause(afterMs);
    yield { kind: 'delta', text };
  }
  yield done(pieces.map(([, text]) => text).join(''));
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function pieces(chunks: AsyncIterable<SlmChunk>): Promise<{ texts: [number, string][]; end: SlmDone }> {
  const start = Date.now();
  const texts: [number, string][] = [];
  const running = coalesced(chunks, 25, async (text) => {
    texts.push([Date.now() - start, text]);
  });
  await vi.runAllTimersAsync();
  return { texts, end: await running };
}

describe('deltas', () => {
  it('go out at once when they come slowly', async () => {
    const { texts } = await pieces(
      timed([
        [0, 'a'],
        [40, 'b'],
        [40, 'c'],
      ]),
    );
    expect(texts).toEqual([
      [0, 'a'],
      [40, 'b'],
      [80, 'c'],
    ]);
  });

  it('go out together when they come fast, the first at once', async () => {
    const fast = Array.from({ length: 10 }, (_, n) => [n === 0 ? 0 : 9, `${n}`] as const);
    const { texts, end } = await pieces(timed(fast));
    expect(texts).toEqual([
      [0, '0'],
      [25, '12'],
      [50, '345'],
      [75, '678'],
      [81, '9'],
    ]);
    expect(end.text).toBe('0123456789');
  });

  it('do not wait for the next one: what came goes out at the end of its window', async () => {
    const { texts } = await pieces(
      timed([
        [0, 'a'],
        [5, 'b'],
        [1_000, 'c'],
      ]),
    );
    expect(texts).toEqual([
      [0, 'a'],
      [25, 'b'],
      [1_005, 'c'],
    ]);
  });

  it('may be none', async () => {
    expect(await pieces(timed([]))).toEqual({ texts: [], end: done('') });
  });

  it('lose and repeat nothing, whatever the times', async () => {
    const answers = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.string({ minLength: 1, maxLength: 3 })));
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        const { texts, end } = await pieces(timed(answer));
        expect(texts.map(([, text]) => text).join('')).toBe(end.text);
        expect(texts.every(([, text]) => text !== '')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a failure', () => {
  it('of the provider comes through, after deltas too', async () => {
    async function* failing(): AsyncGenerator<SlmChunk> {
      yield { kind: 'delta', text: 'a' };
      throw new Error('away');
    }
    await expect(coalesced(failing(), 25, async () => undefined)).rejects.toThrow('away');
  });

  it('of the writer comes through', async () => {
    const running = coalesced(
      timed([
        [0, 'a'],
        [5, 'b'],
      ]),
      25,
      () => Promise.reject(new Error('fenced')),
    );
    const outcome = expect(running).rejects.toThrow('fenced');
    await vi.runAllTimersAsync();
    await outcome;
  });

  it('is an answer that does not say that it ended', async () => {
    async function* silent(): AsyncGenerator<SlmChunk> {
      yield { kind: 'delta', text: 'a' };
    }
    await expect(coalesced(silent(), 25, async () => undefined)).rejects.toThrow('without saying so');
  });
});
