import { describe, expect, it } from 'vitest';
import { sharedRead } from './shared-read.ts';

const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const runs: PromiseWithResolvers<string>[] = [];
  const read = sharedRead(() => {
    const run = Promise.withResolvers<string>();
    runs.push(run);
    return run.promise;
  });
  return { runs, read };
}

describe('a shared read', () => {
  it('serves callers of one moment with one run', async () => {
    const { runs, read } = setUp();
    const answers = Promise.all([read(), read(), read()]);
    await quiet();
    runs[0]?.resolve('first');
    expect(await answers).toEqual(['first', 'first', 'first']);
    expect(runs).toHaveLength(1);
  });

  it('serves callers during a run with the next one, which begins when it has ended', async () => {
    const { runs, read } = setUp();
    const first = read();
    await quiet();
    const later = Promise.all([read(), read()]);
    await quiet();
    expect(runs).toHaveLength(1);
    runs[0]?.resolve('first');
    await quiet();
    expect(runs).toHaveLength(2);
    runs[1]?.resolve('second');
    expect([await first, ...(await later)]).toEqual(['first', 'second', 'second']);
  });

  it('passes an error to the callers of its run alone', async () => {
    const { runs, read } = setUp();
    const first = read();
    await quiet();
    const later = read();
    runs[0]?.reject(new Error('unavailable'));
    await expect(first).rejects.toThrow('unavailable');
    await quiet();
    runs[1]?.resolve('second');
    expect(await later).toBe('second');
  });
});
