import { expect, test } from 'vitest';
import { LogError } from '../../../infra/kafka/errors.ts';
import { startJob } from '../../../schemas/generated/records.ts';
import type { EnvelopedCommand } from '../log/command-appender.ts';
import type { KnownOutcome } from '../log/outcomes.ts';
import { appendPaced } from './paced-append.ts';

const commands = (count: number): readonly EnvelopedCommand[] =>
  Array.from({ length: count }, (_, nth) => ({
    command: startJob({} as never),
    envelope: { id: String(nth), tenantId: 'demo', place: null, traceparent: '', requestDigest: 'd' },
  })) as readonly EnvelopedCommand[];
const outcome = {} as KnownOutcome;
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A log, and decisions that a test makes; `quietMs` since the latest one. */
function parts(quietMs = 0) {
  const appended: string[] = [];
  const waiting = new Map<string, (outcome: KnownOutcome | null) => void>();
  return {
    appended,
    waiting,
    log: {
      commands: {
        appendAll: async (slice: Iterable<EnvelopedCommand>) => {
          for (const { envelope } of slice) appended.push(envelope.id);
        },
      },
      outcomes: {
        quietMs,
        expect: (id: string) => {
          const { promise, resolve } = Promise.withResolvers<KnownOutcome | null>();
          waiting.set(id, resolve);
          return { outcome: promise, cancel: () => resolve(null) };
        },
      },
    },
  };
}

test('at most 64 commands of a request wait for a decision, in their order', async () => {
  const { appended, waiting, log } = parts();
  let ended = false;
  const all = appendPaced(commands(100), log).then(() => {
    ended = true;
  });
  await soon();
  expect(appended.length).toBe(64);
  waiting.get('31')?.(outcome);
  await soon();
  expect(appended.length).toBe(96);
  expect(ended).toBe(false);
  waiting.get('63')?.(outcome);
  await all;
  expect(appended).toEqual(Array.from({ length: 100 }, (_, nth) => String(nth)));
});

test('a request of 64 commands waits for no decision', async () => {
  const { appended, waiting, log } = parts();
  const all = appendPaced(commands(64), log);
  await all;
  expect([appended.length, waiting.size]).toEqual([64, 2]);
});

test('a platform that decides slowly keeps the pace', async () => {
  const { appended, waiting, log } = parts();
  const all = appendPaced(commands(100), log);
  for (let waits = 0; waits < 3; waits += 1) {
    await soon();
    waiting.get('31')?.(null);
  }
  await soon();
  expect(appended.length).toBe(64);
  waiting.get('31')?.(outcome);
  await soon();
  expect(appended.length).toBe(96);
  waiting.get('63')?.(outcome);
  await all;
  expect(appended.length).toBe(100);
});

test('the log takes all of them when nothing decides, and when too many requests wait', async () => {
  const { appended, waiting, log } = parts(5_000);
  const all = appendPaced(commands(1_000), log);
  await soon();
  waiting.get('31')?.(null);
  await all;
  expect(appended.length).toBe(1_000);

  const busy = parts();
  const overloaded = () => {
    throw new LogError('LOG_OVERLOADED', 'requests wait already');
  };
  await appendPaced(commands(1_000), { ...busy.log, outcomes: { quietMs: 0, expect: overloaded } });
  expect(busy.appended.length).toBe(1_000);
});

test('rejects when the log does not take a command', async () => {
  const { log } = parts();
  const away = async () => {
    throw new LogError('LOG_UNAVAILABLE', 'the log is away');
  };
  await expect(appendPaced(commands(3), { ...log, commands: { appendAll: away } })).rejects.toThrow('the log is away');
});
