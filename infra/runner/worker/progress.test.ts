import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Progress, WINDOW_OFFSETS } from './progress.ts';

const METADATA_BYTES_MAX = 4_096;

/** Steps on the records of a partition, whose offsets have holes for markers. */
const history = fc.record({
  base: fc.nat(1_000_000),
  kinds: fc.array(fc.constantFrom('record', 'record', 'record', 'marker'), { minLength: 1, maxLength: 120 }),
  finished: fc.array(fc.nat(119), { maxLength: 120 }),
  begun: fc.array(fc.nat(119), { maxLength: 30 }),
});

function play({
  base,
  kinds,
  finished,
  begun,
}: {
  base: number;
  kinds: string[];
  finished: number[];
  begun: number[];
}) {
  const records = kinds.flatMap((kind, index) => (kind === 'record' ? [base + index] : []));
  const progress = new Progress(base);
  progress.passTo(base + kinds.length, records);
  const attempts = new Map<number, number>();
  for (const index of begun) {
    const offset = records[index];
    if (offset === undefined || progress.isFinished(offset)) continue;
    attempts.set(offset, progress.begin(offset));
  }
  const done = new Set<number>();
  for (const index of finished) {
    const offset = records[index];
    if (offset === undefined || done.has(offset)) continue;
    progress.finish(offset);
    done.add(offset);
    attempts.delete(offset);
  }
  return { progress, records, done, attempts, end: base + kinds.length };
}

describe('the progress of a worker', () => {
  it('never commits past an unfinished record, and always up to the first one', () => {
    fc.assert(
      fc.property(history, (happened) => {
        const { progress, records, done, end } = play(happened);
        const lowest = records.find((offset) => !done.has(offset)) ?? end;
        expect(progress.snapshot().offset).toBe(lowest);
        expect(progress.base).toBe(lowest);
      }),
    );
  });

  it('stores later finished offsets and every attempt in its metadata', () => {
    fc.assert(
      fc.property(history, (happened) => {
        const { progress, records, done, attempts, end } = play(happened);
        const { offset, metadata } = progress.snapshot();
        const restored = new Progress(offset, metadata);
        for (let each = happened.base; each < end; each += 1)
          expect(restored.isFinished(each)).toBe(done.has(each) || !records.includes(each));
        for (const [each, count] of attempts) expect(restored.begin(each)).toBe(count + 1);
      }),
    );
  });

  it('has the same snapshot after another owner has read it', () => {
    fc.assert(
      fc.property(history, (happened) => {
        const { progress, records, end } = play(happened);
        const snapshot = progress.snapshot();
        const restored = new Progress(snapshot.offset, snapshot.metadata);
        restored.passTo(
          end,
          records.filter((offset) => !restored.isFinished(offset)),
        );
        expect(restored.snapshot()).toEqual(snapshot);
      }),
    );
  });

  it('keeps its metadata below the limit of the broker, with 64 records begun in a full window and more finished beyond', () => {
    const stuck = fc.uniqueArray(fc.integer({ min: 1, max: WINDOW_OFFSETS - 1 }), { minLength: 63, maxLength: 63 });
    const beyond = fc.nat(40_000);
    fc.assert(
      fc.property(stuck, beyond, fc.integer({ min: 1, max: 9 }), (offsets, extra, runs) => {
        const base = 1_000_000_000;
        const unfinished = new Set([0, ...offsets].map((offset) => base + offset));
        const progress = new Progress(base);
        progress.passTo(base + WINDOW_OFFSETS + extra, [...unfinished]);
        for (const offset of unfinished) for (let run = 0; run < runs; run += 1) progress.begin(offset);
        const { offset, metadata } = progress.snapshot();
        expect(offset).toBe(base);
        expect(Buffer.byteLength(metadata)).toBeLessThan(METADATA_BYTES_MAX);
      }),
      { numRuns: 20 },
    );
  });

  it('fills its metadata to the last byte that the broker takes', () => {
    const progress = new Progress(0);
    // `0:1,1:1,…` of these offsets has 4,089 characters; four counts of two digits make it 4,093 after the head `1;;`.
    const offsets = Array.from({ length: 700 }, (_, offset) => offset);
    progress.passTo(offsets.length, offsets);
    for (const offset of offsets) for (let run = 0; run < (offset < 4 ? 10 : 1); run += 1) progress.begin(offset);
    const { offset, metadata } = progress.snapshot();
    expect(metadata).toHaveLength(METADATA_BYTES_MAX);
    expect(new Progress(offset, metadata).begin(699)).toBe(2);
  });

  it('stores no attempts of finished records, and those of the others by offset', () => {
    const progress = new Progress(100);
    progress.passTo(110, [100, 101, 102, 103, 104, 105, 106, 107, 108, 109]);
    for (const offset of [107, 102, 102, 105]) progress.begin(offset);
    progress.finish(105);
    expect(progress.snapshot()).toEqual({ offset: 100, metadata: '1;IA==;2:2,7:1' });
  });

  it('begins at the committed offset when the metadata is not its own', () => {
    for (const metadata of ['', 'something else', '2;AQ==;', '1', '1;'])
      expect(new Progress(7, metadata).snapshot()).toEqual({ offset: 7, metadata: '1;;' });
  });

  it('has room for a window of offsets from the lowest unfinished one', () => {
    const progress = new Progress(10);
    expect(progress.hasRoom(10 + WINDOW_OFFSETS - 1)).toBe(true);
    expect(progress.hasRoom(10 + WINDOW_OFFSETS)).toBe(false);
    progress.passTo(12, []);
    expect(progress.hasRoom(10 + WINDOW_OFFSETS + 1)).toBe(true);
  });
});
