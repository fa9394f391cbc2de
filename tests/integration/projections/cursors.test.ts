import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PostgresReadModel } from '../../../gateways/shared/postgres-read-model.ts';
import { Problem } from '../../../gateways/shared/problems/problem.ts';
import { topicsOfView } from '../../../infra/bin/roles/topics-of-view.ts';
import { encodeCursor } from '../../../projections/sql.ts';
import { createDatabase, prepare, type TestDatabase } from './support.ts';

let database: TestDatabase;
let readModel: PostgresReadModel;
beforeAll(async () => {
  database = await createDatabase();
  await prepare(database.sql);
  readModel = new PostgresReadModel(database.sql, topicsOfView);
});
afterAll(() => database.drop());

const pages = {
  sessions: (cursor: string) => readModel.sessions('demo', { limit: 5, cursor }),
  events: (cursor: string) => readModel.events('demo', 's', { limit: 5, cursor }),
  audit: (cursor: string) =>
    readModel.audit('demo', { sessionId: null, commandId: null, types: null, isFull: false, limit: 5, cursor }),
};

it('a forged cursor gives a page or CURSOR_INVALID, never an error of Postgres', async () => {
  const number = fc.oneof(fc.nat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER, 8.64e15, 2 ** 53, -1));
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom("'; DROP TABLE x; --", 'a\0b', '\ud800', '\\x00'),
  );
  const cursor = fc.oneof(
    fc.tuple(number, text).map(encodeCursor),
    fc.tuple(number, number, number).map(encodeCursor),
    fc.tuple(number, text, number, number).map(encodeCursor),
    fc.string({ unit: 'binary', minLength: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(cursor, fc.constantFrom('sessions', 'events', 'audit'), async (sent, name) => {
      const answer: unknown = await pages[name](sent).catch((error: unknown) => error);
      if (answer instanceof Problem) expect(answer.code).toBe('REQUEST_INVALID');
      else expect(answer).toEqual({ items: [], nextCursor: null });
    }),
    { numRuns: 400 },
  );
});
