import { decodeCursor, type Page, pageOf, type Sql } from '../sql.ts';

export interface TurnView {
  readonly sessionId: string;
  readonly turnId: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'refused';
  /** Null for a turn that was refused before it was queued or started. */
  readonly prompt: string | null;
  readonly model: string | null;
  readonly text: string | null;
  readonly modelId: string | null;
  readonly finishReason: string | null;
  readonly tokensPrompt: number | null;
  readonly tokensCompletion: number | null;
  readonly latencyMs: number | null;
  /** Set on a turn that failed or was refused. */
  readonly code: string | null;
  readonly detail: string | null;
  /** Set on a refusal; field names as on the wire. */
  readonly decision: Readonly<Record<string, unknown>> | null;
  /** Null for a turn that asked for no memories; field names as on the wire. */
  readonly recalled: Readonly<Record<string, unknown>> | null;
  /** Null before the answer, and where the constitution has no rules of outputs; field names as on the wire. */
  readonly moderation: Readonly<Record<string, unknown>> | null;
  readonly sequenceFirst: number;
  readonly sequenceLast: number;
  readonly queuedAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** Returns the turns of a session in the order of the conversation. Throws CursorError. */
export async function listTurns(
  sql: Sql,
  tenantId: string,
  sessionId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null } = { limit: 200, cursor: null },
): Promise<Page<TurnView>> {
  const [after] = cursor === null ? [0] : decodeCursor(cursor, [0]);
  const rows = await sql<TurnView[]>`
    SELECT session_id AS "sessionId", turn_id AS "turnId", status, prompt, model, text, model_id AS "modelId",
           finish_reason AS "finishReason", tokens_prompt::float8 AS "tokensPrompt",
           tokens_completion::float8 AS "tokensCompletion", latency_ms::float8 AS "latencyMs", code, detail, decision,
           recalled, moderation,
           sequence_first AS "sequenceFirst", sequence_last AS "sequenceLast", queued_at AS "queuedAt",
           started_at AS "startedAt", ended_at AS "endedAt"
    FROM khipu.turns
    WHERE tenant_id = ${tenantId} AND session_id = ${sessionId} AND sequence_first > ${after}::bigint
    ORDER BY sequence_first
    LIMIT ${limit + 1}`;
  return pageOf(rows, limit, (turn) => [turn.sequenceFirst]);
}
