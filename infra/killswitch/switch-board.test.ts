import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { keyOf } from '../../schemas/topics.ts';
import { aSwitch } from '../../streams/testing.ts';
import { toOutgoing } from '../kafka/envelope.ts';
import type { Log } from '../kafka/log.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import { localDecoder } from '../kafka/runner/testing.ts';
import { createTopics } from '../setup/topics.ts';
import { SwitchBoard } from './switch-board.ts';

const decoder = localDecoder();
const ID = '00000000-0000-4000-8000-000000000000';
const boards: SwitchBoard[] = [];
afterEach(() => Promise.all(boards.splice(0).map((board) => board.close())));

async function open() {
  const log = new MemoryLog();
  await createTopics(log);
  const appender = await log.appender();
  const tell = (record: ReturnType<typeof aSwitch>) =>
    appender.append([
      toOutgoing(decoder.codec, {
        ...{ topic: 'killswitch.switches', key: keyOf(record), record, id: ID, tenantId: 'ops', correlationId: ID },
        ...{ causationId: ID, timeMs: 0, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, source: 'test' },
      }),
    ]);
  const board = (over: Log = log) => {
    const made = new SwitchBoard({ log: over, decoder, logger: pino({ level: 'silent' }) });
    boards.push(made);
    return made;
  };
  return { log, tell, board };
}
const work = { tenant: 'acme', models: ['default'] };

it('holds what was engaged before it began, and follows what comes', async () => {
  const { tell, board } = await open();
  await tell(aSwitch('global'));
  await tell(aSwitch('tenant:acme'));
  await tell(aSwitch('global', { engaged: false }));
  const held = board();
  await held.ready;
  expect(held.following).toBe(true);
  expect(held.engaged.map(({ scope }) => scope)).toEqual(['tenant:acme']);
  expect(held.over(work).map(({ scope }) => scope)).toEqual(['tenant:acme']);
  const heard = held.until('model:default', ({ engaged }) => engaged, 5_000);
  await tell(aSwitch('model:default'));
  expect(await heard).toMatchObject({ scope: 'model:default' });
  expect(held.over(work)).toHaveLength(2);
});

it('says so when a switch is not as wanted in time', async () => {
  const { tell, board } = await open();
  await tell(aSwitch('global'));
  const held = board();
  await held.ready;
  expect(await held.until('global', ({ engaged }) => !engaged, 10)).toBeUndefined();
  expect(await held.until('global', ({ engaged }) => engaged, 10)).toBeDefined();
});

it('begins again when its tail is lost, and holds what it knew meanwhile', async () => {
  const { log, tell, board } = await open();
  await tell(aSwitch('global'));
  const crashes: ((error: Error) => void)[] = [];
  const fragile = {
    watermarks: (names: readonly string[]) => log.watermarks(names),
    tail: (options: Parameters<Log['tail']>[0]) => {
      crashes.push(options.onCrash);
      return log.tail(options);
    },
  } as unknown as Log;
  const held = board(fragile);
  await held.ready;
  crashes[0]?.(new Error('the broker went away'));
  expect(held.over(work)).toHaveLength(1);
  await tell(aSwitch('tenant:acme'));
  await held.until('tenant:acme', ({ engaged }) => engaged, 5_000);
  expect(crashes.length).toBe(2);
  expect(held.over(work)).toHaveLength(2);
  expect(held.following).toBe(true);
});
