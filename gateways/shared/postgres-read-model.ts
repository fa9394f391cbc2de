import { messageOf } from '../../infra/kafka/errors.ts';
import type { Position } from '../../infra/kafka/log.ts';
import type { Sql } from '../../infra/postgres/client.ts';
import { withTenant } from '../../infra/postgres/tenant.ts';
import { waitForPosition } from '../../infra/projections/wait-for-position.ts';
import { listAudit } from '../../projections/audit/queries.ts';
import { budgetAccount } from '../../projections/budgets/queries.ts';
import { listConversationEvents, listEvents } from '../../projections/events/queries.ts';
import { getSession, listSessions } from '../../projections/sessions/queries.ts';
import { CursorError, type Sql as QuerySql } from '../../projections/sql.ts';
import { listTurns } from '../../projections/turns/queries.ts';
import { usageOfSession } from '../../projections/usage/queries.ts';
import { Problem } from './problems/problem.ts';
import { type PageRequest, type ReadModel, type View, viewTopics } from './read-model.ts';
import { within } from './within.ts';

/** Turns that are shown with a session; more are found on its stream and among its events. */
const TURNS_SHOWN = { limit: 200, cursor: null };

/** The read models in Postgres. Row-level security holds beneath every query. */
export class PostgresReadModel implements ReadModel {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  session(tenantId: string, sessionId: string) {
    return this.#query(tenantId, (sql) => getSession(sql, tenantId, sessionId));
  }

  sessionDetail(tenantId: string, sessionId: string) {
    return this.#query(tenantId, async (sql) => {
      const session = await getSession(sql, tenantId, sessionId);
      if (session === undefined) return undefined;
      const turns = await listTurns(sql, tenantId, sessionId, TURNS_SHOWN);
      return { session, turns: turns.items, usage: await usageOfSession(sql, tenantId, sessionId) };
    });
  }

  sessions(tenantId: string, page: PageRequest) {
    return this.#query(tenantId, (sql) => listSessions(sql, tenantId, page));
  }

  events(tenantId: string, subjectId: string, page: PageRequest) {
    return this.#query(tenantId, (sql) => listEvents(sql, tenantId, subjectId, page));
  }

  audit(tenantId: string, sessionId: string | null, page: PageRequest) {
    return this.#query(tenantId, (sql) => listAudit(sql, tenantId, { sessionId, ...page }));
  }

  budget(tenantId: string, day: string) {
    return this.#query(tenantId, (sql) => budgetAccount(sql, tenantId, day));
  }

  conversationAfter(tenantId: string, sessionId: string, sequence: number, limit: number) {
    return this.#query(tenantId, async (sql) => {
      const slice = await listConversationEvents(sql, tenantId, sessionId, { afterSequence: sequence, limit });
      const positions = slice.positions.map(({ topic, partition, nextOffset: offset }) => ({
        topic,
        partition,
        offset,
      }));
      return { events: slice.events, positions };
    });
  }

  async reached(views: readonly View[], position: Position, timeoutMs: number): Promise<void> {
    const reading = views.filter((view) => viewTopics[view].includes(position.topic));
    const reached = await guarded(
      Promise.all(reading.map((view) => waitForPosition(this.#sql, view, position, timeoutMs))),
    );
    if (!reached.every(Boolean))
      throw new Problem('READ_MODEL_BEHIND', `Not there after ${timeoutMs} ms; ask again, or without the position`);
  }

  async ping(): Promise<void> {
    await this.#sql`SELECT 1`;
  }

  #query<Result>(tenantId: string, query: (sql: QuerySql) => Promise<Result>): Promise<Result> {
    return guarded(withTenant(this.#sql, tenantId, (tx) => query(tx as unknown as QuerySql)));
  }
}

/** The server ends a statement after 5 s; a server that does not even do that is away. */
const ANSWER_TIMEOUT_MS = 6_000;
const noAnswer = (): Error => new Error(`the database gave no answer in ${ANSWER_TIMEOUT_MS} ms`);

/** Whatever the database says, a client learns that it is away; only a wrong cursor is its own doing. */
async function guarded<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await within(work, ANSWER_TIMEOUT_MS, noAnswer);
  } catch (cause) {
    if (cause instanceof CursorError)
      throw new Problem('REQUEST_INVALID', cause.message, {
        cause,
        errors: [{ in: 'query', pointer: '#/cursor', detail: 'Expected `next_cursor` of an earlier page' }],
      });
    throw new Problem('READ_MODEL_UNAVAILABLE', 'The read model cannot be asked now; try again', {
      cause: new Error(messageOf(cause), { cause }),
    });
  }
}
