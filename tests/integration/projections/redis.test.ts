import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisSink } from '../../../infra/projections/redis-sink.ts';
import { runView, type ViewRunner } from '../../../infra/projections/run-view.ts';
import { connectRedis, type Redis } from '../../../infra/redis/client.ts';
import { constitution } from '../../../projections/constitution/projection.ts';
import { getActiveConstitution } from '../../../projections/constitution/queries.ts';
import { type CacheWrite, cacheKey } from '../../../projections/kernel/cache.ts';
import { liveTurns } from '../../../projections/live-turns/projection.ts';
import { getLatestLiveTurn, getLiveTurn } from '../../../projections/live-turns/queries.ts';
import { conversation } from '../../../projections/testing/sample.ts';
import {
  constitutionActivated,
  constitutionPublished,
  turnDelta,
  turnStarted,
} from '../../../schemas/generated/records.ts';
import { append, dependencies, env, memoryLog, outgoing, until } from './support.ts';

let redis: Redis;
const runners: ViewRunner[] = [];
const log = await memoryLog();
const mine = `s-${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  // A database of its own: the views' offsets there are those of this file's log.
  redis = connectRedis(new URL('/9', env('REDIS_URL')).href, 'test');
  await redis.flushdb();
  for (const view of [liveTurns, constitution]) {
    const sink = new RedisSink(redis, view, Date.now);
    runners.push(runView({ ...view, sink }, dependencies(log)));
  }
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  redis.disconnect();
});

const live = (session: string, turn: string) => getLiveTurn(redis, 'acme', session, turn);

describe('read models in Redis', () => {
  it('gather the text of a running turn, and keep its end for a while', async () => {
    const list = conversation(mine, 1, 3).map((record) => outgoing(record));
    await append(log, list.slice(0, -1));
    const running = await until(
      () => live(mine, `${mine}-turn-1`),
      (turn) => turn?.text === 'p0 p1 p2 ',
    );
    expect(running).toMatchObject({ status: 'running', sequence: 5, whole: true });
    await append(log, list.slice(-1));
    const ended = await until(
      () => getLatestLiveTurn(redis, 'acme', mine),
      (turn) => turn?.status === 'completed',
    );
    expect(ended).toMatchObject({ text: 'p0 p1 p2 ', whole: true });
    const ttlMs = await redis.pttl(cacheKey(liveTurns, `acme:${mine}:${mine}-turn-1`));
    expect(ttlMs).toBeGreaterThan(60_000);
    expect(ttlMs).toBeLessThanOrEqual(300_000);
  });

  it('start the text again at a new attempt, and say when a piece is missing', async () => {
    const session = `${mine}-b`;
    const delta = (attempt: number, index: number, text: string, sequence: number) =>
      outgoing(turnDelta({ sessionId: session, turnId: 't', sequence, attempt, index, text }));
    await append(log, [
      outgoing(
        turnStarted({
          sessionId: session,
          turnId: 't',
          sequence: 1,
          prompt: 'p',
          model: null,
          deadline: null,
          budget: null,
        }),
      ),
      delta(1, 0, 'first', 2),
      delta(2, 0, 'sec', 3),
      delta(2, 1, 'ond', 4),
    ]);
    expect(
      await until(
        () => live(session, 't'),
        (turn) => turn?.text === 'second',
      ),
    ).toMatchObject({ whole: true });
    await append(log, [delta(2, 5, '!', 5)]);
    expect(
      await until(
        () => live(session, 't'),
        (turn) => turn?.text === 'second!',
      ),
    ).toMatchObject({ whole: false });
  });

  it('show the active constitution with its envelope', async () => {
    const version = `v-${mine}`;
    await append(log, [
      outgoing(constitutionPublished({ version, digest: 'd1', envelope: '{"a":1}' })),
      outgoing(constitutionActivated({ slot: 'active', version, digest: 'd1', activatedBy: null })),
    ]);
    const active = await until(
      () => getActiveConstitution(redis),
      (seen) => seen?.version === version,
    );
    expect(active).toEqual({ version, digest: 'd1', envelope: '{"a":1}' });
  });
});

describe('a Redis that has lost its data', () => {
  it('gets all of it again from the log, though nothing new happens', async () => {
    const before = await getActiveConstitution(redis);
    expect(before).toBeDefined();
    await redis.flushdb();
    expect(
      await until(
        () => getActiveConstitution(redis),
        (seen) => seen !== undefined,
      ),
    ).toEqual(before);
    expect(
      await until(
        () => live(`${mine}-b`, 't'),
        (turn) => turn?.text === 'second!',
      ),
    ).toMatchObject({ status: 'running' });
  });
});

describe('a Redis sink', () => {
  const view = { ...liveTurns, name: `test-${mine}` };
  const record = (offset: number) => ({
    topic: 'conversation.events',
    partition: 0,
    offset,
    key: 'k',
    value: null,
    headers: {},
    timestampMs: Date.now(),
  });
  const write = (text: string): CacheWrite => ({ key: 'hash', set: { text }, ttlMs: 60_000 });
  const advance = (expected: number, next: number) => [{ topic: 'conversation.events', partition: 0, expected, next }];
  const place = [{ topic: 'conversation.events', partition: 0, offset: 99, low: 0, high: 99 }];

  it('refuses a commit that does not begin where it stands, and writes nothing of it', async () => {
    const sink = new RedisSink(redis, view, Date.now);
    await sink.commit([{ record: record(4), changes: [write('new')] }], advance(0, 5));
    const zombie = sink.commit([{ record: record(3), changes: [write('old')] }], advance(0, 4));
    await expect(zombie).rejects.toMatchObject({ code: 'PROJECTION_ZOMBIE' });
    expect(await sink.positions(place)).toMatchObject([{ offset: 5 }]);
    expect(await redis.hget(cacheKey(view, 'hash'), 'text')).toBe('new');
  });

  it('passes over a change that is older than what stands, though its offsets were lost', async () => {
    const sink = new RedisSink(redis, view, Date.now);
    await redis.del(cacheKey(view, 'offsets'));
    await sink.commit([{ record: record(2), changes: [write('older')] }], advance(0, 3));
    expect(await redis.hget(cacheKey(view, 'hash'), 'text')).toBe('new');
    await sink.commit([{ record: record(5), changes: [write('newer')] }], advance(3, 6));
    expect(await redis.hget(cacheKey(view, 'hash'), 'text')).toBe('newer');
  });

  it('leaves out what would have expired already', async () => {
    const sink = new RedisSink(redis, { ...view, name: `${view.name}-old` }, () => Date.now() + 120_000);
    await sink.commit([{ record: record(0), changes: [write('late')] }], advance(0, 1));
    expect(await redis.exists(cacheKey({ ...view, name: `${view.name}-old` }, 'hash'))).toBe(0);
  });
});
