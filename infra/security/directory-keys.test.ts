import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { directoryHolds, type WrittenEntry } from '../../schemas/contexts/identity/directory.ts';
import { type ApiKey, apiKey, principal, role } from '../../schemas/generated/records.ts';
import { keyOf, topicOf } from '../../schemas/topics.ts';
import type { RecordOf } from '../../streams/kernel.ts';
import { directory } from '../../streams/tables/directory.ts';
import { createTopics } from '../bin/setup/topics.ts';
import { toOutgoing } from '../kafka/envelope.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import { systemClock } from '../kit/clock.ts';
import { followTables } from '../runner/tables/followed.ts';
import { localDecoder } from '../runner/testing/processors.ts';
import { DirectoryKeys } from './directory-keys.ts';

const decoder = localDecoder();
const ID = '00000000-0000-4000-8000-000000000000';
const PREFIX = '0a1b2c3d';
const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));

type Entry = RecordOf<'Role' | 'Principal' | 'ApiKey'>;

async function open() {
  const log = new MemoryLog();
  await createTopics(log);
  const appender = await log.appender();
  const tell = (record: Entry) =>
    appender.append([
      toOutgoing(decoder.codec, {
        ...{
          topic: topicOf(record.type).name,
          key: keyOf(record),
          record,
          id: ID,
          tenantId: 'demo',
          correlationId: ID,
        },
        ...{
          place: null,
          causationId: ID,
          timeMs: 0,
          traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
          source: 'test',
        },
      }),
    ]);
  const tables = followTables({ directory }, { log, decoder, logger: pino({ level: 'silent' }) });
  const keys = new DirectoryKeys(tables.directory);
  opened.push(keys, tables);
  const holds = (entry: WrittenEntry) => tables.directory.holds((held) => directoryHolds(held, entry), 5_000);
  return { tell, keys, holds };
}

const reader = (capabilities: readonly string[], version = 1) =>
  role({
    ...{ entryId: 'role:demo:reader', tenantId: 'demo', version, name: 'reader', description: '', capabilities },
    status: 'active',
  });
const ana = principal({
  ...{ entryId: 'user:demo:ana', tenantId: 'demo', version: 1, kind: 'user', principalId: 'ana', name: 'Ana' },
  ...{ status: 'active', roles: ['reader'] },
});
const key = (changes: Partial<ApiKey> = {}) =>
  apiKey({
    ...{ entryId: `api_key:${PREFIX}`, tenantId: 'demo', version: 1, prefix: PREFIX, name: 'ci', owner: 'user:ana' },
    ...{ capabilities: null, hash: 'h1', previousHash: null, previousUntil: null, status: 'active', createdAt: 0 },
    ...{ rotatedAt: null, requestId: 'r', requestDigest: 'd', ...changes },
  });
const written = (version: number) => ({ tenantId: 'demo', entryId: `api_key:${PREFIX}`, version });

it('finds a key with what may be done with it now, and forgets it when it is revoked', async () => {
  const { tell, keys, holds } = await open();
  for (const entry of [reader(['slm:invoke:*']), ana, key()]) await tell(entry);
  expect(await holds(written(1))).toBe(true);
  const stored = { prefix: PREFIX, tenantId: 'demo', principal: 'user:ana', hashes: ['h1'] };
  expect(keys.find(PREFIX)).toEqual({ ...stored, capabilities: ['slm:invoke:*'] });
  expect(keys.find(PREFIX)).toBe(keys.find(PREFIX));
  await tell(reader(['slm:embed:*'], 2));
  expect(await holds({ tenantId: 'demo', entryId: 'role:demo:reader', version: 2 })).toBe(true);
  expect(keys.find(PREFIX)).toEqual({ ...stored, capabilities: ['slm:embed:*'] });
  await tell(key({ version: 2, status: 'revoked', hash: '' }));
  expect(await holds(written(2))).toBe(true);
  expect(keys.find(PREFIX)).toBeUndefined();
  expect(keys.find('ffffffff')).toBeUndefined();
});

it('says when a former secret counts no more, with no change to tell it', async () => {
  const { tell, keys, holds } = await open();
  const previousUntil = systemClock.now() + 300;
  await tell(key({ previousHash: 'h0', previousUntil }));
  expect(await holds(written(1))).toBe(true);
  expect(keys.find(PREFIX)?.hashes).toEqual(['h1', 'h0']);
  const told = new Promise<void>((resolve) => keys.listen(resolve));
  await told;
  expect(systemClock.now()).toBeGreaterThanOrEqual(previousUntil - 1);
  expect(keys.find(PREFIX)?.hashes).toEqual(['h1']);
});
