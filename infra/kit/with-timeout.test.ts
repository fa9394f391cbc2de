import { expect, test } from 'vitest';
import { withTimeout } from './with-timeout.ts';

const late = () => new Error('late');

test('late work times out, and the error of failed work is kept', async () => {
  const never = new Promise<void>(() => undefined);
  await expect(withTimeout(5, () => never, late)).rejects.toThrow('late');
  await expect(withTimeout(50, () => Promise.reject(new Error('its own')), late)).rejects.toThrow('its own');
  expect(await withTimeout(50, () => Promise.resolve(7), late)).toBe(7);
});

test('late work is aborted, and its answer to that is not the error', async () => {
  let aborted = false;
  const work = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        aborted = true;
        reject(new Error('aborted'));
      });
    });
  await expect(withTimeout(5, work, late)).rejects.toThrow('late');
  expect(aborted).toBe(true);
});

test('work in time is not aborted', async () => {
  const signal = await withTimeout(5, async (given) => given, late);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(signal.aborted).toBe(false);
});
