import { expect, it } from 'vitest';
import { FetchPacing } from './fetch-pace.ts';

const BATCHES = { waitMs: 250, bytesMin: 65_536 };
const IDLE = { waitMs: 5_000, bytesMin: 1 };
const ALL = { leavesOut: false };

function pacing(busy = BATCHES) {
  let nowMs = 0;
  const made = new FetchPacing(busy, IDLE.waitMs, () => nowMs);
  return { made, pass: (ms: number) => (nowMs += ms) };
}

it('a reader keeps the pace of its lane while records come, and waits long for one byte after a quiet second', () => {
  const { made, pass } = pacing();
  expect(made.next(ALL)).toEqual(BATCHES);
  pass(999);
  expect(made.next(ALL)).toEqual(BATCHES);
  pass(1);
  expect(made.next(ALL)).toEqual(IDLE);
  made.arrived();
  expect(made.next(ALL)).toEqual(BATCHES);
});

it('a fetch that leaves out a paused partition does not wait long', () => {
  const { made, pass } = pacing();
  pass(60_000);
  expect(made.next({ leavesOut: true })).toEqual(BATCHES);
});

it('an idle reader waits no shorter than a busy one', () => {
  const { made, pass } = pacing({ waitMs: 9_000, bytesMin: 1 });
  pass(60_000);
  expect(made.next(ALL).waitMs).toBe(9_000);
});
