import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareViewsOn } from '../../../infra/projections/generation.ts';
import { rebuildView } from '../../../infra/projections/rebuild/rebuild.ts';
import { PostgresSink } from '../../../infra/projections/sinks/postgres.ts';
import { connectPostgres } from '../../../infra/stores/postgres/client.ts';
import { withTenant } from '../../../infra/stores/postgres/tenant.ts';
import { sessions } from '../../../projections/sessions/projection.ts';
import { topics } from '../../../schemas/topics.ts';
import { createDatabase, dependencies, memoryLog, type TestDatabase, viewOf, views } from './support.ts';

/** A database user as in a managed Postgres: owns its database, and may create nothing outside it. */
const user = `khipu_plain_${randomBytes(4).toString('hex')}`;
let database: TestDatabase;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql.unsafe(`CREATE ROLE ${user} LOGIN PASSWORD 'plain'`);
  await database.sql.unsafe(`GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${user}`);
  const plain = new URL(database.url);
  plain.username = user;
  plain.password = 'plain';
  url = plain.href;
});
afterAll(async () => {
  await database.sql.unsafe(`GRANT ${user} TO CURRENT_USER; DROP OWNED BY ${user} CASCADE; DROP ROLE ${user}`);
  await database.drop();
});

describe('a database user that may make no roles', () => {
  it('gets an error with the statements for an administrator, and nothing is created', async () => {
    const sql = connectPostgres(url, { applicationName: 'test', connectionsMax: 2 });
    // Another file may have created the roles of the server already; this user is a member of none.
    await expect(prepareViewsOn(sql, views)).rejects.toMatchObject({ code: 'POSTGRES_ROLES_MISSING' });
    await expect(prepareViewsOn(sql, views)).rejects.toThrow(`GRANT khipu_reader TO "${user}"`);
    expect(await sql`SELECT 1 FROM pg_namespace WHERE nspname = 'khipu'`).toEqual([]);
    await sql.end();
  });

  it('writes, reads and rebuilds once it is a member of both, under the policies alone', async () => {
    for (const role of ['khipu_reader', 'khipu_projector'])
      await database.sql.unsafe(
        `DO $$ BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT ${role} TO ${user} WITH INHERIT FALSE, SET TRUE`,
      );
    const sql = connectPostgres(url, { applicationName: 'test', connectionsMax: 6 });
    expect(await prepareViewsOn(sql, views)).toBeGreaterThan(5);
    expect(await prepareViewsOn(sql, views)).toBe(0);
    const sink = new PostgresSink(sql, sessions);
    const place = { topic: topics.sessionsEvents.name, partition: 0 };
    await sink.positions([{ ...place, offset: 1, low: 0, high: 1 }]);
    const row = {
      tenant_id: 'acme',
      session_id: 'a',
      status: 'started',
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
      partition: 0,
    };
    await sink.commit(
      [
        {
          record: { ...place, offset: 0, key: 'a', value: null, headers: {}, timestampMs: 0 },
          changes: [{ table: 'sessions', row }],
        },
      ],
      [{ ...place, expected: 0, next: 1 }],
    );
    expect(await sql`SELECT 1 FROM khipu.sessions`).toEqual([]);
    expect(await withTenant(sql, 'acme', (tx) => tx`SELECT session_id FROM khipu.sessions`)).toMatchObject([
      { session_id: 'a' },
    ]);
    expect(await withTenant(sql, 'globex', (tx) => tx`SELECT session_id FROM khipu.sessions`)).toEqual([]);
    const log = await memoryLog();
    expect(
      await rebuildView({ sql, view: viewOf(sessions), dependencies: dependencies(log), goal: 'swap' }),
    ).toMatchObject({ swapped: true });
    await sql.end();
  });
});
