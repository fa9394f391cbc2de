import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisSink, redisView } from '../../../infra/projections/sinks/redis.ts';
import { connectRedis, type Redis } from '../../../infra/stores/redis/client.ts';
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
import { append, dependencies, env, memoryLog, outgoing, type RunningView, runView, until } from './support.ts';

let redis: Redis;
const runners: RunningView[] = [];
const log = await memoryLog();
const mine = `s-${randomBytes(6).toString('hex')}`;

beforeAll(async () => {
  // A separate database: the views' offsets there belong to this file's log.
  redis = connectRedis(new URL('/9', env('REDIS_URL')).href, 'test');
  await redis.flushdb();
  for (const view of [liveTurns, constitution]) {
    runners.push(runView(redisView(redis, view, Date.now), dependencies(log)));
  }
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  redis.disconnect();
});

const live = (session: string, turn: string) => getLiveTurn(redis, 'acme', session, turn);

describe('read models in Redis', () => {
  it('collect the text of a running turn, and keep its end for a while', async () => {
    const list = conversation(mine, 1, 3).map((record) => outgoing(record));
    await append(log, list.slice(0, -1));
    const running = await until(
      () => live(mine, `${mine}-turn-1`),
      (turn) => turn?.text === 'p0 p1 p2 ',
    );
    expect(running).toMatchObject({ status: 'running', sequence: 2, whole: true });
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

  it('restart the text at a new attempt, and report a missing piece', async () => {
    const session = `${mine}-b`;
    const delta = (attempt: number, start: number, text: string) =>
      outgoing(turnDelta({ sessionId: session, turnId: 't', turnSequence: 1, attempt, start, text }));
    await append(log, [
      outgoing(
        turnStarted({
          recalled: null,
          sessionId: session,
          turnId: 't',
          sequence: 1,
          prompt: 'p',
          model: null,
          deadline: null,
          budget: null,
        }),
      ),
      delta(1, 0, 'first'),
      delta(2, 0, 'sec'),
      delta(2, 3, 'ond'),
    ]);
    expect(
      await until(
        () => live(session, 't'),
        (turn) => turn?.text === 'second',
      ),
    ).toMatchObject({ whole: true });
    await append(log, [delta(2, 7, '!')]);
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
  it('is rebuilt from the log without any new record', async () => {
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

  it('refuses a commit that does not begin at its position, and writes no part of it', async () => {
    const sink = new RedisSink(redis, view, Date.now);
    await sink.commit([{ record: record(4), changes: [write('new')] }], advance(0, 5));
    const zombie = sink.commit([{ record: record(3), changes: [write('old')] }], advance(0, 4));
    await expect(zombie).rejects.toMatchObject({ code: 'PROJECTION_ZOMBIE' });
    expect(await sink.positions(place)).toMatchObject([{ offset: 5 }]);
    expect(await redis.hget(cacheKey(view, 'hash'), 'text')).toBe('new');
  });

  it('ignores a change older than the stored one, although its offsets were lost', async () => {
    const sink = new RedisSink(redis, view, Date.now);
    await redis.del(cacheKey(view, 'offsets'));
    await sink.commit([{ record: record(2), changes: [write('older')] }], advance(0, 3));
    expect(await redis.hget(cacheKey(view, 'hash'), 'text')).toBe('new');
    await sink.commit([{ record: record(5), changes: [write('newer')] }], advance(3, 6));
    expect(await redis.hget(cacheKey(view, 'hash'), 'text')).toBe('newer');
  });

  it('skips changes that would have expired already', async () => {
    const sink = new RedisSink(redis, { ...view, name: `${view.name}-old` }, () => Date.now() + 120_000);
    await sink.commit([{ record: record(0), changes: [write('late')] }], advance(0, 1));
    expect(await redis.exists(cacheKey({ ...view, name: `${view.name}-old` }, 'hash'))).toBe(0);
  });
});
