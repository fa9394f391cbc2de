import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { type ApiKey, apiKey, principal, role, tenant } from '../../schemas/generated/records.ts';
import { keyOf, topicOf } from '../../schemas/topics.ts';
import type { RecordOf } from '../../streams/kernel.ts';
import { systemClock } from '../kafka/clock.ts';
import { toOutgoing } from '../kafka/envelope.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import { localDecoder } from '../kafka/runner/testing.ts';
import { createTopics } from '../setup/topics.ts';
import { DirectoryBoard } from './directory-board.ts';

const decoder = localDecoder();
const ID = '00000000-0000-4000-8000-000000000000';
const PREFIX = '0a1b2c3d';
const boards: DirectoryBoard[] = [];
afterEach(() => Promise.all(boards.splice(0).map((board) => board.close())));

type Entry = RecordOf<'Tenant' | 'Role' | 'Principal' | 'ApiKey'>;

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
        ...{ causationId: ID, timeMs: 0, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, source: 'test' },
      }),
    ]);
  const board = new DirectoryBoard({ log, decoder, logger: pino({ level: 'silent' }) });
  boards.push(board);
  return { tell, board };
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
  const { tell, board } = await open();
  for (const entry of [reader(['slm:invoke:*']), ana, key()]) await tell(entry);
  expect(await board.holds(written(1), 5_000)).toBe(true);
  expect(board.known && board.following).toBe(true);
  const stored = { prefix: PREFIX, tenantId: 'demo', principal: 'user:ana', hashes: ['h1'] };
  expect(board.key(PREFIX)).toEqual({ ...stored, capabilities: ['slm:invoke:*'] });
  expect(board.key(PREFIX)).toBe(board.key(PREFIX));
  await tell(reader(['slm:embed:*'], 2));
  expect(await board.holds({ tenantId: 'demo', entryId: 'role:demo:reader', version: 2 }, 5_000)).toBe(true);
  expect(board.key(PREFIX)).toEqual({ ...stored, capabilities: ['slm:embed:*'] });
  await tell(key({ version: 2, status: 'revoked', hash: '' }));
  expect(await board.holds(written(2), 5_000)).toBe(true);
  expect(board.key(PREFIX)).toBeUndefined();
  expect(board.key('ffffffff')).toBeUndefined();
});

it('says when a former secret counts no more, with no change to tell it', async () => {
  const { tell, board } = await open();
  const previousUntil = systemClock.now() + 300;
  await tell(key({ previousHash: 'h0', previousUntil }));
  expect(await board.holds(written(1), 5_000)).toBe(true);
  expect(board.key(PREFIX)?.hashes).toEqual(['h1', 'h0']);
  const told = new Promise<void>((resolve) => board.listen(resolve));
  await told;
  expect(systemClock.now()).toBeGreaterThanOrEqual(previousUntil - 1);
  expect(board.key(PREFIX)?.hashes).toEqual(['h1']);
});

it('holds tenants beside it, and says when one is not as it was written in time', async () => {
  const { tell, board } = await open();
  const settings = { models: ['*'], budgets: [], retentionDays: null, lane: 'interactive' } as const;
  await tell(tenant({ tenantId: 'demo', version: 3, name: 'Demo', status: 'suspended', settings }));
  const entry = { tenantId: 'demo', entryId: 'tenant:demo' };
  expect(await board.holds({ ...entry, version: 3 }, 5_000)).toBe(true);
  expect(board.tenant('demo')?.status).toBe('suspended');
  expect(await board.holds({ ...entry, version: 4 }, 10)).toBe(false);
  expect(board.tenant('acme')).toBeUndefined();
});

it('lists a tenant’s entries by id, and counts them', async () => {
  const { tell, board } = await open();
  for (const entry of [ana, reader([]), key()]) await tell(entry);
  expect(await board.holds(written(1), 5_000)).toBe(true);
  expect(board.entries('demo').map(({ data }) => data.entryId)).toEqual([
    `api_key:${PREFIX}`,
    'role:demo:reader',
    'user:demo:ana',
  ]);
  expect([board.count('demo'), board.count('acme')]).toEqual([3, 0]);
});
