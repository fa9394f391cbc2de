import { describe, expect, it } from 'vitest';
import { frameBatch } from './frame-batch.ts';

describe('a batch of a frame', () => {
  it('updates once for any number of events, and again in the next frame', () => {
    const frames: (() => void)[] = [];
    let updates = 0;
    const mark = frameBatch(
      () => {
        updates += 1;
      },
      (callback) => frames.push(callback),
    );
    for (let event = 0; event < 1_000; event += 1) mark();
    expect([frames.length, updates]).toEqual([1, 0]);
    frames.shift()?.();
    expect(updates).toBe(1);
    mark();
    expect(frames).toHaveLength(1);
  });
});
