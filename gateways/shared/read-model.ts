import type { Position } from '../../infra/kafka/log.ts';
import type { AuditView } from '../../projections/audit/queries.ts';
import type { BudgetAccountView } from '../../projections/budgets/queries.ts';
import type { ConversationEvent, StoredEvent } from '../../projections/events/queries.ts';
import type { SessionView } from '../../projections/sessions/queries.ts';
import type { Page } from '../../projections/sql.ts';
import type { TurnView } from '../../projections/turns/queries.ts';
import type { UsageView } from '../../projections/usage/queries.ts';
import { storedTopics } from '../../schemas/topics.ts';

export type { AuditView, BudgetAccountView, ConversationEvent, Page, SessionView, StoredEvent, TurnView, UsageView };

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface SessionDetail {
  readonly session: SessionView;
  readonly turns: readonly TurnView[];
  readonly usage: readonly UsageView[];
}

/** Read models that a query reads from, by view. */
export type View = 'sessions' | 'turns' | 'usage' | 'budgets' | 'events' | 'audit';

/** Topics that each view reads: a token of another topic says nothing of it. */
export const viewTopics: Readonly<Record<View, readonly string[]>> = {
  sessions: ['sessions.events', 'conversation.events'],
  turns: ['conversation.events'],
  usage: ['slm.metrics'],
  budgets: ['policy.memory'],
  events: storedTopics.map(({ name }) => name),
  audit: ['audit.events'],
};

/**
 * What queries ask. Everything is of one tenant: what belongs to another is not there. Rejects with Problem
 * READ_MODEL_UNAVAILABLE when the database is away, REQUEST_INVALID for a cursor that no page gave out.
 */
export interface ReadModel {
  session(tenantId: string, sessionId: string): Promise<SessionView | undefined>;
  sessionDetail(tenantId: string, sessionId: string): Promise<SessionDetail | undefined>;
  sessions(tenantId: string, page: PageRequest): Promise<Page<SessionView>>;
  events(tenantId: string, subjectId: string, page: PageRequest): Promise<Page<StoredEvent>>;
  audit(tenantId: string, sessionId: string | null, page: PageRequest): Promise<Page<AuditView>>;
  /** On the day of UTC, `YYYY-MM-DD`. */
  budget(tenantId: string, day: string): Promise<BudgetAccountView>;
  conversationAfter(
    tenantId: string,
    sessionId: string,
    sequence: number,
    limit: number,
  ): Promise<{ readonly events: readonly ConversationEvent[]; readonly positions: readonly Position[] }>;
  /** Resolves when the views that read its topic show what stands at `position`. Rejects with READ_MODEL_BEHIND after the wait. */
  reached(views: readonly View[], position: Position, timeoutMs: number): Promise<void>;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
}
