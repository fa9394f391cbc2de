import type { Position } from '../../infra/kafka/port.ts';
import type { MemoryVectors } from '../../infra/memory/recall.ts';
import type { FiguresQuery, FiguresView } from '../../projections/analytics/queries.ts';
import type { HoursQuery, HourView } from '../../projections/anomalies/queries.ts';
import type { AuditEntry } from '../../projections/audit/queries.ts';
import type { BudgetAccountView } from '../../projections/budgets/queries.ts';
import type { ConversationEvent, StoredEvent, StoredOutcome } from '../../projections/events/queries.ts';
import type { JobStepRow } from '../../projections/jobs/queries/rows.ts';
import type { BalanceView, LinesView, LogRange } from '../../projections/ledger/queries.ts';
import type { MemoryLinkRow, MemoryRow } from '../../projections/memory/queries.ts';
import type { Columns, RowQuery, RowReads, RowView } from '../../projections/rows.ts';
import type { SessionView } from '../../projections/sessions/queries.ts';
import type { Page } from '../../projections/sql.ts';
import type { TurnView } from '../../projections/turns/queries.ts';
import type { DailyUsageView, UsageView } from '../../projections/usage/queries.ts';
import type { ViewName } from '../../schemas/contexts.ts';
import type { RecordName } from '../../schemas/generated/records.ts';
import type { KnownOutcome } from './log/outcomes.ts';

/** The queries of the ledger. Times are those of the log. */
export interface LedgerReads {
  /** Resolves with balances as of a time, that time included; null for now. Ordered by account and currency. */
  balances(
    tenantId: string,
    query: { readonly account: string | null; readonly asOf: Date | null },
  ): Promise<readonly BalanceView[]>;
  /** Resolves with the lines that the log took in a range, summed by day of use, meter, resource and price. */
  lines(tenantId: string, range: LogRange): Promise<readonly LinesView[]>;
  /** Resolves with the time of the newest transaction at or before a position of its partition; null when there is none. */
  timeAt(tenantId: string, position: Pick<Position, 'partition' | 'offset'>): Promise<Date | null>;
}

export type { AuditEntry, BudgetAccountView, ConversationEvent, Page, SessionView, StoredEvent, TurnView, UsageView };

/** Returns an event of the event store as the outcome of its command. */
export const knownOutcome = (
  tenantId: string,
  { topic, partition, offset, ...outcome }: StoredOutcome,
): KnownOutcome => ({ ...outcome, tenantId, position: { topic, partition, offset } });

/** The page of a query; a null cursor is the first page. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** A session with its turns and its use of models. */
export interface SessionDetail {
  readonly session: SessionView;
  readonly turns: readonly TurnView[];
  readonly usage: readonly UsageView[];
}

/** The name of a read model. */
export type View = ViewName;

/** Returns the names of the topics that a view reads. A position in another topic is no condition for the view. */
export type TopicsOfView = (view: View) => readonly string[];

/** The queries of memories. */
export interface MemoryReads extends MemoryVectors {
  /** Resolves with memories in the order of their ids; unknown ones are left out. */
  byIds(tenantId: string, ids: readonly string[]): Promise<readonly MemoryRow[]>;
  /** Resolves with the relations of a memory, the oldest first, at most 200. */
  links(tenantId: string, memoryId: string): Promise<readonly MemoryLinkRow[]>;
  /** Resolves with the time of the newest memory at or before a position of its partition; null when there is none. */
  timeAt(tenantId: string, position: Pick<Position, 'partition' | 'offset'>): Promise<Date | null>;
}

/** A query of the audit records. */
export interface AuditQuery extends PageRequest {
  /** Null for every session. */
  readonly sessionId: string | null;
  /** Null for every command. */
  readonly commandId: string | null;
  /** Full names of the events' records; null for every type. */
  readonly types: readonly string[] | null;
  /** True to find the event of each record, too. */
  readonly isFull: boolean;
}

/** The events of one key of a topic after a version. */
export interface StreamQuery {
  /** Name of the topic. */
  readonly topic: string;
  readonly key: string;
  readonly afterVersion: number;
  readonly limit: number;
}

/** Events of one key, in order, and the read positions of the view in their topic, from one snapshot. */
export interface StreamEvents {
  readonly events: readonly StoredEvent[];
  readonly positions: readonly Position[];
}

/**
 * The queries of the gateways. Each reads one tenant; data of other tenants does not exist for it. Rejects with Problem
 * READ_MODEL_UNAVAILABLE when the database does not answer, REQUEST_INVALID for a cursor that is not from an earlier page.
 */
export interface ReadModel {
  session(tenantId: string, sessionId: string): Promise<SessionView | undefined>;
  sessionDetail(tenantId: string, sessionId: string): Promise<SessionDetail | undefined>;
  sessions(tenantId: string, page: PageRequest): Promise<Page<SessionView>>;
  events(tenantId: string, subjectId: string, page: PageRequest): Promise<Page<StoredEvent>>;
  /** Resolves with an event by its id; undefined when the event store has none. */
  event(tenantId: string, eventId: string): Promise<StoredEvent | undefined>;
  audit(tenantId: string, query: AuditQuery): Promise<Page<AuditEntry>>;
  /** Resolves with the first event of one of the types in the chain of a command; null while there is none. */
  outcome(tenantId: string, commandId: string, types: readonly RecordName[]): Promise<KnownOutcome | null>;
  /** Resolves with the budget account on a day in UTC, `YYYY-MM-DD`. */
  budget(tenantId: string, day: string): Promise<BudgetAccountView>;
  /**
   * Resolves with up to `limit` events behind `sequence`, in order, and with the read positions of the view in the
   * conversation topic.
   */
  conversationAfter(
    tenantId: string,
    sessionId: string,
    sequence: number,
    limit: number,
  ): Promise<{ readonly events: readonly ConversationEvent[]; readonly positions: readonly Position[] }>;
  /** Resolves with a row of a view that declares its reads; undefined when the tenant has none of this id. */
  row<C extends Columns>(tenantId: string, reads: RowReads<C>, id: string): Promise<RowView<C> | undefined>;
  /** Resolves with a page of the rows of such a view that meet the conditions, the newest first. */
  rows<C extends Columns>(tenantId: string, reads: RowReads<C>, query: RowQuery<C>): Promise<Page<RowView<C>>>;
  readonly memories: MemoryReads;
  readonly ledger: LedgerReads;
  /** Resolves with what was metered per day, from one day to another, both included (YYYY-MM-DD, UTC). */
  usage(tenantId: string, days: { readonly from: string; readonly until: string }): Promise<readonly DailyUsageView[]>;
  /** Resolves with the figures of a kind of subjects, by subject and window. */
  figures(tenantId: string, query: FiguresQuery): Promise<readonly FiguresView[]>;
  /** Resolves with hours of series, by metric, subject and time. */
  anomalyHours(tenantId: string, query: HoursQuery): Promise<readonly HourView[]>;
  /** Resolves with the events of a key of a topic. */
  stream(tenantId: string, query: StreamQuery): Promise<StreamEvents>;
  /** Resolves with the steps and waits of a job, in the order in which they were recorded first. */
  jobSteps(tenantId: string, jobId: string, page: PageRequest): Promise<Page<JobStepRow>>;
  /** Resolves with the payload of a step of a job that names a content with this digest; null without one. */
  jobOutput(tenantId: string, jobId: string, digest: string): Promise<string | null>;
  /** Resolves when the views that read the topic of `position` have applied it. Rejects with READ_MODEL_BEHIND after `timeoutMs`. */
  reached(views: readonly View[], position: Position, timeoutMs: number): Promise<void>;
  /** Resolves with the next offset of each view that is kept in the database, by topic and partition. */
  positions(): Promise<readonly (Position & { readonly view: string })[]>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
}
