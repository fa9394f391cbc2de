import { expect, it } from 'vitest';
import type { Schemas } from '../../../../infra/client/api.ts';
import { activityOf, openLettersOf, type Reader, restartsOf } from './reader-activity.ts';

const partition = (topic: string, number: number, lag: number) => ({
  ...{ topic, partition: number, position: 0, end: lag, lag },
});
const process = (restarts: number | null) => ({
  ...{ host: '127.0.0.1', started_at: '2026-11-29T10:00:00.000Z', restarts, partitions: [0] },
});
const activity: Schemas['PlatformActivity'] = {
  ...{ at: '', watched_ms: 1_000, topics: [] },
  readers: [
    {
      ...{ name: 'core', kind: 'processor', lag: 12, processes: [process(2), process(1)] },
      partitions: [
        partition('sessions.commands', 0, 5),
        partition('sessions.commands', 1, 2),
        partition('other', 0, 5),
      ],
    },
    { name: 'sessions', kind: 'view', lag: 3, processes: [], partitions: [partition('sessions.events', 0, 3)] },
  ],
};
const member: Reader = {
  ...{ name: 'sessions', kind: 'processor', topology: 'core', reads: ['sessions.commands'], writes: [] },
};

it('a member of a topology has the partitions of the topics that it reads, and is no read model of its name', () => {
  expect(activityOf(member, activity)).toEqual({
    ...{ lag: 7, processes: [process(2), process(1)] },
    partitions: [partition('sessions.commands', 0, 5), partition('sessions.commands', 1, 2)],
  });
  expect(activityOf({ ...member, kind: 'view', topology: null }, activity)?.lag).toBe(3);
});

it('nothing is known of a reader that has no position, and of any before the first answer', () => {
  expect(activityOf({ ...member, topology: null }, activity)).toBeNull();
  expect(activityOf(member, null)).toBeNull();
});

it('the letters of a reader are its own and those of its topology from topics that it reads, while they are open', () => {
  const letter = (processor: string, topic: string, verb: string | null = null): Schemas['DeadLetter'] => ({
    ...{ name: 'x.dlq/0/1', from: { topic, partition: 0, offset: 1 }, key: null, processor, code: 'C', message: '' },
    ...{ attempt: 1, at: '', parked: null },
    outcome: verb === null ? null : { verb, by: 'user:ana', at: '' },
  });
  const letters = [
    ...[letter('sessions', 'any'), letter('sessions', 'any', 'failed'), letter('core', 'sessions.commands')],
    ...[letter('sessions', 'any', 'dropped'), letter('core', 'other'), letter('slm', 'sessions.commands')],
  ];
  expect(openLettersOf(member, letters)).toBe(3);
  expect(openLettersOf(member, null)).toBeNull();
});

it('the restarts of a reader are those of its processes, as far as they say them', () => {
  const of = (...restarts: readonly (number | null)[]) =>
    restartsOf({ lag: 0, partitions: [], processes: restarts.map(process) });
  expect([of(2, 1), of(0, null), of(null), of()]).toEqual([3, 0, null, null]);
});
