import { expect, it } from 'vitest';
import { firstFailure, openLoop, succeeded } from './open-loop.ts';

it('starts work at its time although earlier work has not ended', async () => {
  const began = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  let started = 0;
  const settled = await openLoop(4, 100, async (dueMs) => {
    started += 1;
    if (started === 4) resolve();
    await promise;
    return dueMs - began;
  });
  const due = succeeded(settled);
  expect(due).toHaveLength(4);
  for (const [index, at] of due.entries()) expect(at - (due[0] ?? 0)).toBeCloseTo(index * 10);
});

it('keeps the results beside a failure', async () => {
  let started = 0;
  const settled = await openLoop(3, 1_000, async () => {
    started += 1;
    if (started === 2) throw new Error('refused');
    return started;
  });
  expect(succeeded(settled)).toEqual([1, 3]);
  expect(firstFailure(settled)).toEqual(new Error('refused'));
});
