import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { engagedSwitches, type KillSwitches, switchesOver } from '../../../schemas/contexts/kill-switch.ts';
import { keyOf } from '../../../schemas/topics.ts';
import { aSwitch } from '../../../streams/testing.ts';
import { createTopics } from '../../bin/setup/topics.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { Log } from '../../kafka/port.ts';
import { localDecoder } from '../testing/processors.ts';
import { type FollowedTables, followTables, gatewayTables, workerTables } from './followed.ts';

const decoder = localDecoder();
const ID = '00000000-0000-4000-8000-000000000000';
const opened: Pick<FollowedTables<typeof workerTables>, 'close'>[] = [];
afterEach(() => Promise.all(opened.splice(0).map((tables) => tables.close())));

async function open() {
  const log = new MemoryLog();
  await createTopics(log);
  const appender = await log.appender();
  const tell = (record: ReturnType<typeof aSwitch>) =>
    appender.append([
      toOutgoing(decoder.codec, {
        ...{ topic: 'kill-switch.switches', key: keyOf(record), record, id: ID, tenantId: 'ops', correlationId: ID },
        ...{
          place: null,
          causationId: ID,
          timeMs: 0,
          traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
          source: 'test',
        },
      }),
    ]);
  const follow = (over: Log = log) => {
    const tables = followTables(workerTables, { log: over, decoder, logger: pino({ level: 'silent' }) });
    opened.push(tables);
    return tables.killSwitches;
  };
  return { log, tell, follow };
}
const engaged = (scope: string) => (all: KillSwitches) => {
  const found = all.get(scope);
  return found?.engaged ? found : undefined;
};
const work = { tenant: 'acme', resources: [{ type: 'Model', id: 'default' }] } as const;

it('has the switches engaged before it began, and follows later changes', async () => {
  const { tell, follow } = await open();
  await tell(aSwitch('global'));
  await tell(aSwitch('tenant:acme'));
  await tell(aSwitch('global', { engaged: false }));
  const held = follow();
  await held.ready;
  expect(held.following).toBe(true);
  expect(engagedSwitches(held.value).map(({ scope }) => scope)).toEqual(['tenant:acme']);
  expect(switchesOver(held.value, work).map(({ scope }) => scope)).toEqual(['tenant:acme']);
  const heard = held.until(engaged('model:default'), 5_000);
  await tell(aSwitch('model:default'));
  expect(await heard).toMatchObject({ scope: 'model:default' });
  expect(switchesOver(held.value, work)).toHaveLength(2);
});

it('resolves with false when a switch does not change in time', async () => {
  const { tell, follow } = await open();
  await tell(aSwitch('global'));
  const held = follow();
  await held.ready;
  expect(await held.holds((all) => all.get('global')?.engaged === false, 10)).toBe(false);
  expect(await held.holds((all) => all.get('global')?.engaged === true, 10)).toBe(true);
});

it('restarts when its tail is lost, and keeps its last value meanwhile', async () => {
  const { log, tell, follow } = await open();
  await tell(aSwitch('global'));
  const crashes: ((error: Error) => void)[] = [];
  const fragile = {
    watermarks: (names: readonly string[]) => log.watermarks(names),
    tail: (options: Parameters<Log['tail']>[0]) => {
      crashes.push(options.onCrash);
      return log.tail(options);
    },
  } as unknown as Log;
  const held = follow(fragile);
  await held.ready;
  crashes[0]?.(new Error('the broker went away'));
  expect(switchesOver(held.value, work)).toHaveLength(1);
  await tell(aSwitch('tenant:acme'));
  await held.until(engaged('tenant:acme'), 5_000);
  // The table that was lost is read again; the others are not.
  expect(crashes).toHaveLength(Object.keys(workerTables).length + 1);
  expect(switchesOver(held.value, work)).toHaveLength(2);
  expect(held.following).toBe(true);
});

it('reports for each table whether it is followed, by its name', async () => {
  const { log, follow } = await open();
  await follow().ready;
  const tables = followTables(gatewayTables, { log, decoder, logger: pino({ level: 'silent' }) });
  opened.push(tables);
  const parts = [
    'kill_switches',
    'revocations',
    'tenants',
    'directory',
    'constitutions',
    'personas',
    'job_types',
    'tools',
    'prices',
    'anomaly_settings',
    'capsules',
    'capsule_installs',
    'golden_sets',
  ];
  expect(Object.keys(tables.health())).toEqual(parts);
  expect(await tables.health()['directory']?.()).toEqual({ ok: false, detail: 'not read from the log' });
  await tables.directory.ready;
  expect(tables.directory.known).toBe(true);
  expect(await tables.health()['directory']?.()).toEqual({ ok: true, detail: 'followed' });
});
