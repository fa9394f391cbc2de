import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlmChunk, SlmDone } from '../provider.ts';
import { coalesced, type Pace } from './coalesce.ts';

const done = (text: string): SlmDone => ({
  kind: 'done',
  text,
  modelId: 'm',
  finishReason: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
  timeToFirstTokenMs: 1,
  latencyMs: 2,
});
const PACE: Pace = { windowMs: 25, earlyPieces: 5, lateWindowMs: 50, charsMax: 1_000 };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Yields each text after its delay, then the end. */
async function* timed(pieces: readonly (readonly [afterMs: number, text: string])[]): AsyncGenerator<SlmChunk> {
  for (const [afterMs, text] of pieces) {
    if (afterMs > 0) await pause(afterMs);
    yield { kind: 'delta', text };
  }
  yield done(pieces.map(([, text]) => text).join(''));
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function pieces(
  chunks: AsyncIterable<SlmChunk>,
  pace = PACE,
): Promise<{ texts: [number, string][]; end: SlmDone }> {
  const start = Date.now();
  const texts: [number, string][] = [];
  const running = coalesced(chunks, pace, async (text) => {
    texts.push([Date.now() - start, text]);
  });
  await vi.runAllTimersAsync();
  return { texts, end: await running };
}

describe('deltas', () => {
  it('are sent at once when they arrive slowly', async () => {
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

  it('are sent together when they arrive fast, the first at once', async () => {
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

  it('are sent less often after the early pieces', async () => {
    const fast = Array.from({ length: 30 }, (_, n) => [n === 0 ? 0 : 10, String(n % 10)] as const);
    const { texts, end } = await pieces(timed(fast));
    expect(texts.map(([ms]) => ms)).toEqual([0, 25, 50, 75, 100, 125, 175, 225, 275, 290]);
    expect(texts.map(([, text]) => text).join('')).toBe(end.text);
  });

  it('are sent at the end of their window, without waiting for the next one', async () => {
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

  it('may be absent', async () => {
    expect(await pieces(timed([]))).toEqual({ texts: [], end: done('') });
  });

  it('of more than the bound are sent before the end of their window, in pieces of the bound', async () => {
    const { texts } = await pieces(
      timed([
        [0, 'a'],
        [5, 'bc'],
        [5, 'defghij'],
        [1, 'k'],
      ]),
      { ...PACE, charsMax: 4 },
    );
    expect(texts).toEqual([
      [0, 'a'],
      [10, 'bcde'],
      [10, 'fghi'],
      [10, 'j'],
      [11, 'k'],
    ]);
  });

  it('never end between the halves of a surrogate pair', async () => {
    const [high = '', low = ''] = '🪢'.split('');
    const { texts } = await pieces(
      timed([
        [0, `a${high}`],
        [1, `${low}b`],
      ]),
    );
    expect(texts.map(([, text]) => text)).toEqual(['a', '🪢b']);
  });

  it('are neither lost nor repeated nor cut in a character, at any times and bounds', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 3 });
    const answers = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), text));
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 2, max: 5 }), async (answer, charsMax) => {
        const { texts, end } = await pieces(timed(answer), { ...PACE, charsMax });
        expect(texts.map(([, text]) => text).join('')).toBe(end.text);
        for (const [, text] of texts) {
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(charsMax);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('a failure', () => {
  it('of the provider is passed on, also after deltas', async () => {
    async function* failing(): AsyncGenerator<SlmChunk> {
      yield { kind: 'delta', text: 'a' };
      throw new Error('away');
    }
    await expect(coalesced(failing(), PACE, async () => undefined)).rejects.toThrow('away');
  });

  it('of the writer is passed on', async () => {
    const running = coalesced(
      timed([
        [0, 'a'],
        [5, 'b'],
      ]),
      PACE,
      () => Promise.reject(new Error('fenced')),
    );
    const outcome = expect(running).rejects.toThrow('fenced');
    await vi.runAllTimersAsync();
    await outcome;
  });

  it('is reported for an answer without an end', async () => {
    async function* silent(): AsyncGenerator<SlmChunk> {
      yield { kind: 'delta', text: 'a' };
    }
    await expect(coalesced(silent(), PACE, async () => undefined)).rejects.toThrow('without a done chunk');
  });
});
