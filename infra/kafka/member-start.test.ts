import { describe, expect, it } from 'vitest';
import { decodeStart, encodeStart, MemberStarts, partitionsIn } from './member-start.ts';

describe('the start of a member', () => {
  it('is that of its process, and counts the joins of its group after the first', () => {
    const starts = new MemberStarts();
    const startedMs = Math.round(performance.timeOrigin);
    expect([starts.next('a'), starts.next('b'), starts.next('a')]).toEqual([
      { startedMs, restarts: 0 },
      { startedMs, restarts: 0 },
      { startedMs, restarts: 1 },
    ]);
  });

  it('is read from user data', () => {
    expect(decodeStart(encodeStart({ startedMs: 12, restarts: 3 }))).toEqual({ startedMs: 12, restarts: 3 });
  });

  it.each([
    ['none', null],
    ['empty data', Buffer.alloc(0)],
    ['no JSON', Buffer.from([0, 1, 2])],
    ['other JSON', Buffer.from('{"started_ms":"yesterday"}')],
  ])('is unknown in %s', (_what, data) => {
    expect(decodeStart(data)).toEqual({ startedMs: null, restarts: null });
  });

  it('comes with the numbers of the partitions of all topics', () => {
    expect(partitionsIn([[10, 2], [2], []])).toEqual([2, 10]);
  });
});
