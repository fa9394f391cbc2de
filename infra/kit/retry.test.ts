import { describe, expect, it } from 'vitest';
import { retried } from './retry.ts';

const setUp = (failures: readonly unknown[]) => {
  const pauses: number[] = [];
  const failed: unknown[] = [];
  const left = [...failures];
  const work = async (): Promise<string> => {
    if (left.length > 0) throw left.shift();
    return 'done';
  };
  const run = (attemptsMax: number) =>
    retried(work, {
      ...{ attemptsMax, pauseMs: 7, passes: (error) => error !== 'fatal' },
      onFailed: (error) => void failed.push(error),
      clock: { sleep: async (ms) => void pauses.push(ms) },
    });
  return { run, pauses, failed, left };
};

describe('retried work', () => {
  it('is repeated after a pause until it succeeds', async () => {
    const { run, pauses, failed } = setUp(['a', 'b']);
    expect(await run(3)).toBe('done');
    expect([failed, pauses]).toEqual([
      ['a', 'b'],
      [7, 7],
    ]);
  });

  it('fails with the last error after the last attempt, without a pause after it', async () => {
    const { run, pauses, left } = setUp(['a', 'b', 'c']);
    await expect(run(2)).rejects.toBe('b');
    expect([pauses, left]).toEqual([[7], ['c']]);
  });

  it('fails at once with an error that does not pass', async () => {
    const { run, pauses } = setUp(['fatal']);
    await expect(run(3)).rejects.toBe('fatal');
    expect(pauses).toEqual([]);
  });
});
