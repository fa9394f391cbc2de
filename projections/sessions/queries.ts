import { cursorInstant, decodeCursor, END_OF_TIME_MS, type Page, pageOf, type Sql } from '../sql.ts';

export interface SessionView {
  readonly sessionId: string;
  /** Place of the session, for commands to it that carry no token of it. */
  readonly place: string;
  readonly status: 'started' | 'refused';
  readonly principal: string;
  /** Null when refused, as are the five fields below. */
  readonly persona: string | null;
  readonly capabilities: readonly string[] | null;
  readonly model: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /**
   * Field names as on the wire: decision_id, outcome, score, threshold, reasons, clauses, constitution_version,
   * constitution_digest.
   */
  readonly decision: Readonly<Record<string, unknown>>;
  /** Code of the refusal; null when started. */
  readonly code: string | null;
  readonly detail: string | null;
  readonly requestDigest: string;
  readonly turns: number;
  readonly tokensPrompt: number;
  readonly tokensCompletion: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly partition: number;
  readonly sessionOffset: number;
  readonly conversationOffset: number | null;
}

/** Returns a session; undefined when the tenant has none of this id. */
export async function getSession(sql: Sql, tenantId: string, sessionId: string): Promise<SessionView | undefined> {
  const [session] = await sql<SessionView[]>`
    SELECT session_id AS "sessionId", place, status, principal, persona, capabilities, model, metadata, decision, code, detail,
           request_digest AS "requestDigest", turns, tokens_prompt::float8 AS "tokensPrompt",
           tokens_completion::float8 AS "tokensCompletion", created_at AS "createdAt", updated_at AS "updatedAt", partition,
           session_offset::float8 AS "sessionOffset", conversation_offset::float8 AS "conversationOffset"
    FROM khipu.sessions
    WHERE tenant_id = ${tenantId} AND session_id = ${sessionId} AND status IS NOT NULL`;
  return session;
}

/** Returns a tenant's sessions, newest first. Throws CursorError. */
export async function listSessions(
  sql: Sql,
  tenantId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<SessionView>> {
  const [before, id] = cursor === null ? [END_OF_TIME_MS, ''] : decodeCursor(cursor, [0, '']);
  const rows = await sql<SessionView[]>`
    SELECT session_id AS "sessionId", place, status, principal, persona, capabilities, model, metadata, decision, code, detail,
           request_digest AS "requestDigest", turns, tokens_prompt::float8 AS "tokensPrompt",
           tokens_completion::float8 AS "tokensCompletion", created_at AS "createdAt", updated_at AS "updatedAt", partition,
           session_offset::float8 AS "sessionOffset", conversation_offset::float8 AS "conversationOffset"
    FROM khipu.sessions
    WHERE tenant_id = ${tenantId} AND status IS NOT NULL
      AND (created_at, session_id) < (${cursorInstant(before)}::timestamptz, ${id})
    ORDER BY created_at DESC, session_id DESC
    LIMIT ${limit + 1}`;
  return pageOf(rows, limit, (session) => [session.createdAt.getTime(), session.sessionId]);
}
