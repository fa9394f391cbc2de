import type { Position } from '../../infra/kafka/port.ts';
import { messageOf } from '../../infra/kit/errors.ts';
import { withTimeout } from '../../infra/kit/with-timeout.ts';
import { waitForPosition } from '../../infra/projections/wait-for-position.ts';
import type { Sql } from '../../infra/stores/postgres/client.ts';
import { withTenant } from '../../infra/stores/postgres/tenant.ts';
import { type FiguresQuery, figuresOf } from '../../projections/analytics/queries.ts';
import { type HoursQuery, hoursOf } from '../../projections/anomalies/queries.ts';
import { listAuditEntries } from '../../projections/audit/queries.ts';
import { budgetAccount } from '../../projections/budgets/queries.ts';
import {
  eventsByIds,
  firstOutcome,
  listConversationEvents,
  listEvents,
  listStream,
  type ReadPosition,
} from '../../projections/events/queries.ts';
import { findJobOutput, listJobSteps } from '../../projections/jobs/queries/rows.ts';
import { balancesAt, ledgerTimeAt, linesIn } from '../../projections/ledger/queries.ts';
import {
  linksOf,
  memoriesByIds,
  memoryVectors,
  recallableIds,
  timeAtPosition,
} from '../../projections/memory/queries.ts';
import { type Columns, getRow, listRows, type RowQuery, type RowReads, type RunSql } from '../../projections/rows.ts';
import { getSession, listSessions } from '../../projections/sessions/queries.ts';
import { CursorError, type Sql as QuerySql } from '../../projections/sql.ts';
import { listTurns } from '../../projections/turns/queries.ts';
import { usageOfSession, usageOfTenant } from '../../projections/usage/queries.ts';
import type { RecordName } from '../../schemas/generated/records.ts';
import { cursorInvalid } from './paging.ts';
import { Problem } from './problems/problem.ts';
import {
  type AuditQuery,
  knownOutcome,
  type LedgerReads,
  type MemoryReads,
  type PageRequest,
  type ReadModel,
  type StreamQuery,
  type TopicsOfView,
  type View,
} from './read-model.ts';

/** Turns in a session's detail; its stream and its events have the others. */
const TURNS_SHOWN = { limit: 200, cursor: null };

/** The read models in Postgres. Row-level security applies to every query. */
export class PostgresReadModel implements ReadModel {
  readonly #sql: Sql;
  readonly #topicsOf: TopicsOfView;

  constructor(sql: Sql, topicsOf: TopicsOfView) {
    this.#sql = sql;
    this.#topicsOf = topicsOf;
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

  event(tenantId: string, eventId: string) {
    return this.#query(tenantId, async (sql) => (await eventsByIds(sql, tenantId, [eventId]))[0]);
  }

  audit(tenantId: string, query: AuditQuery) {
    return this.#query(tenantId, (sql) => listAuditEntries(sql, tenantId, query));
  }

  outcome(tenantId: string, commandId: string, types: readonly RecordName[]) {
    return this.#query(tenantId, async (sql) => {
      const found = await firstOutcome(sql, tenantId, { commandId, types });
      return found === undefined ? null : knownOutcome(tenantId, found);
    });
  }

  budget(tenantId: string, day: string) {
    return this.#query(tenantId, (sql) => budgetAccount(sql, tenantId, day));
  }

  conversationAfter(tenantId: string, sessionId: string, sequence: number, limit: number) {
    return this.#query(tenantId, async (sql) => {
      const slice = await listConversationEvents(sql, tenantId, sessionId, { afterSequence: sequence, limit });
      return { events: slice.events, positions: slice.positions.map(positionOf) };
    });
  }

  row<C extends Columns>(tenantId: string, reads: RowReads<C>, id: string) {
    return this.#read(tenantId, (run) => getRow(run, reads, tenantId, id));
  }

  rows<C extends Columns>(tenantId: string, reads: RowReads<C>, query: RowQuery<C>) {
    return this.#read(tenantId, (run) => listRows(run, reads, tenantId, query));
  }

  stream(tenantId: string, query: StreamQuery) {
    return this.#query(tenantId, async (sql) => {
      const slice = await listStream(sql, tenantId, query);
      return { events: slice.events, positions: slice.positions.map(positionOf) };
    });
  }

  jobSteps(tenantId: string, jobId: string, page: PageRequest) {
    return this.#query(tenantId, (sql) => listJobSteps(sql, tenantId, jobId, page));
  }

  jobOutput(tenantId: string, jobId: string, digest: string) {
    return this.#query(tenantId, (sql) => findJobOutput(sql, tenantId, jobId, digest));
  }

  readonly memories: MemoryReads = {
    ids: (tenantId, filter) => this.#query(tenantId, (sql) => recallableIds(sql, tenantId, filter)),
    vectors: (tenantId, ids, model) => this.#query(tenantId, async (sql) => memoryVectors(sql, tenantId, ids, model)),
    byIds: (tenantId, ids) => this.#read(tenantId, (run) => memoriesByIds(run, tenantId, ids)),
    links: (tenantId, memoryId) => this.#query(tenantId, async (sql) => linksOf(sql, tenantId, memoryId)),
    timeAt: (tenantId, position) => this.#query(tenantId, (sql) => timeAtPosition(sql, tenantId, position)),
  };

  readonly ledger: LedgerReads = {
    balances: (tenantId, query) => this.#query(tenantId, async (sql) => balancesAt(sql, tenantId, query)),
    lines: (tenantId, range) => this.#query(tenantId, async (sql) => linesIn(sql, tenantId, range)),
    timeAt: (tenantId, position) => this.#query(tenantId, (sql) => ledgerTimeAt(sql, tenantId, position)),
  };

  usage(tenantId: string, { from, until: to }: { readonly from: string; readonly until: string }) {
    return this.#query(tenantId, (sql) => usageOfTenant(sql, tenantId, { from, to }));
  }

  figures(tenantId: string, query: FiguresQuery) {
    return this.#query(tenantId, async (sql) => figuresOf(sql, tenantId, query));
  }

  anomalyHours(tenantId: string, query: HoursQuery) {
    return this.#query(tenantId, async (sql) => hoursOf(sql, tenantId, query));
  }

  async reached(views: readonly View[], position: Position, timeoutMs: number): Promise<void> {
    const reading = views.filter((view) => this.#topicsOf(view).includes(position.topic));
    const reached = await guarded(
      Promise.all(reading.map((view) => waitForPosition(this.#sql, view, position, timeoutMs))),
    );
    if (!reached.every(Boolean))
      throw new Problem(
        'READ_MODEL_BEHIND',
        `The read model did not reach the position within ${timeoutMs} ms; try again, or without the position`,
      );
  }

  positions() {
    return guarded(
      Promise.resolve(
        this.#sql<(Position & { readonly view: string })[]>`
          SELECT view, topic, partition, next_offset::float8 AS offset FROM khipu.projection_positions`,
      ),
    );
  }

  async ping(): Promise<void> {
    await this.#sql`SELECT 1`;
  }

  #query<Result>(tenantId: string, query: (sql: QuerySql) => Promise<Result>): Promise<Result> {
    return guarded(withTenant(this.#sql, tenantId, (tx) => query(tx as unknown as QuerySql)));
  }

  #read<Result>(tenantId: string, read: (run: RunSql) => Promise<Result>): Promise<Result> {
    return guarded(withTenant(this.#sql, tenantId, (tx) => read((text, values) => tx.unsafe(text, [...values]))));
  }
}

const positionOf = ({ topic, partition, nextOffset: offset }: ReadPosition): Position => ({ topic, partition, offset });

/** The server ends a statement after 5 s; a server that does not answer within this time counts as unavailable. */
const ANSWER_TIMEOUT_MS = 6_000;
const noAnswer = (): Error => new Error(`the database gave no answer in ${ANSWER_TIMEOUT_MS} ms`);

/** Rejects with Problem REQUEST_INVALID for an invalid cursor, and with READ_MODEL_UNAVAILABLE for any other failure. */
async function guarded<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await withTimeout(ANSWER_TIMEOUT_MS, () => work, noAnswer);
  } catch (cause) {
    if (cause instanceof CursorError) throw cursorInvalid(cause);
    throw new Problem('READ_MODEL_UNAVAILABLE', 'The read model cannot be queried now; try again', {
      cause: new Error(messageOf(cause), { cause }),
    });
  }
}
