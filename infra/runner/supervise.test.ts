import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogError } from '../kafka/errors.ts';
import { systemClock } from '../kit/clock.ts';
import { type Life, supervise } from './supervise.ts';

const logger = pino({ level: 'silent' });

/** Lives that crash when the test says so. */
function begun(begin: (crash: (error: unknown) => void, life: number) => Promise<Life> | Life = () => ({ close })) {
  const lives: { readonly crash: (error: unknown) => void; readonly atMs: number }[] = [];
  const closes = { count: 0 };
  async function close(): Promise<void> {
    closes.count += 1;
  }
  const restarts: string[] = [];
  const fatal: unknown[] = [];
  const supervised = supervise({
    ...{ name: 'test', logger, clock: systemClock },
    onRestart: (code) => void restarts.push(code),
    onFatal: (error) => void fatal.push(error),
    begin: async (crash) => {
      lives.push({ crash, atMs: Date.now() });
      const life = await begin(crash, lives.length);
      return { close: () => life.close().then(close) };
    },
  });
  return { supervised, lives, closes, restarts, fatal };
}

const nothing: Life = { close: async () => undefined };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a supervised runner', () => {
  it('closes a life that crashed before the next one begins', async () => {
    const { supervised, lives, closes, restarts } = begun(() => nothing);
    await vi.advanceTimersByTimeAsync(0);
    expect(supervised.alive()).toBe(true);
    lives[0]?.crash(new LogError('FENCED', 'another owner'));
    await vi.advanceTimersByTimeAsync(0);
    expect([lives.length, closes.count, supervised.alive()]).toEqual([1, 1, false]);
    expect(supervised.lastError()).toBe('FENCED: another owner');
    await vi.advanceTimersByTimeAsync(200);
    expect([lives.length, supervised.alive(), supervised.lastError()]).toEqual([2, true, null]);
    expect(restarts).toEqual(['FENCED']);
    await supervised.close();
    expect(closes.count).toBe(2);
  });

  it('waits longer after each failure, up to some seconds', async () => {
    const { supervised, lives, restarts } = begun(() => Promise.reject(new Error('no')));
    await vi.advanceTimersByTimeAsync(60_000);
    const waits = lives.slice(1).map(({ atMs }, index) => atMs - (lives[index]?.atMs ?? 0));
    for (const [index, wait] of waits.entries()) {
      const least = Math.min(100 * 2 ** index, 5_000);
      expect(wait).toBeGreaterThanOrEqual(least);
      expect(wait).toBeLessThanOrEqual(least * 1.3 + 5);
    }
    expect(waits.length).toBeGreaterThan(8);
    expect(new Set(restarts)).toEqual(new Set(['UNEXPECTED']));
    await supervised.close();
  });

  it('resets its backoff after a long life', async () => {
    const { supervised, lives } = begun((_crash, life) => (life < 5 ? Promise.reject(new Error('no')) : nothing));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lives).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(31_000);
    lives[4]?.crash(new Error('after a while'));
    await vi.advanceTimersByTimeAsync(140);
    expect(lives).toHaveLength(6);
    await supervised.close();
  });

  it('continues when a life crashes before it has begun', async () => {
    const { supervised, lives } = begun((crash, life) => {
      if (life === 1) crash(new Error('at once'));
      return nothing;
    });
    await vi.advanceTimersByTimeAsync(200);
    expect(lives).toHaveLength(2);
    await supervised.close();
  });

  it('ends on an error that no restart can fix', async () => {
    const { supervised, lives, fatal } = begun(() => nothing);
    await vi.advanceTimersByTimeAsync(0);
    const error = new LogError('LOG_PROTOCOL', 'another protocol');
    lives[0]?.crash(error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([lives.length, supervised.alive()]).toEqual([1, false]);
    expect(fatal).toEqual([error]);
    await supervised.close();
  });

  it('closes at once while it waits to begin again', async () => {
    const { supervised, lives } = begun(() => Promise.reject(new Error('no')));
    await vi.advanceTimersByTimeAsync(3_000);
    const before = lives.length;
    await supervised.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lives).toHaveLength(before);
  });

  it('closes a life that is just beginning', async () => {
    let ready: () => void = () => undefined;
    const { supervised, closes } = begun(async () => {
      await new Promise<void>((resolve) => {
        ready = resolve;
      });
      return nothing;
    });
    await vi.advanceTimersByTimeAsync(0);
    const closing = supervised.close();
    ready();
    await closing;
    expect(closes.count).toBe(1);
  });
});
