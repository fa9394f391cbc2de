import { cursorInstant, decodeCursor, type Page, pageOf, type Sql } from '../sql.ts';

export interface AuditView {
  readonly auditId: string;
  readonly subjectId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly correlationId: string;
  readonly causationId: string;
  readonly at: Date;
  readonly valueSha256: string;
  readonly summary: string;
  readonly auditPartition: number;
  readonly auditOffset: number;
  readonly appendedAt: Date;
}

/**
 * Returns the audit records of the tenant, oldest first: of one session (or inference request) unless `sessionId` is null, of
 * the chain of one command unless `commandId` is null, of events of these types (full names) unless `types` is null. Throws
 * CursorError.
 */
export async function listAudit(
  sql: Sql,
  tenantId: string,
  {
    sessionId,
    commandId = null,
    types = null,
    limit,
    cursor,
  }: {
    readonly sessionId: string | null;
    readonly commandId?: string | null;
    readonly types?: readonly string[] | null;
    readonly limit: number;
    readonly cursor: string | null;
  },
): Promise<Page<AuditView>> {
  const [at, partition, offset] = cursor === null ? [0, 0, 0] : decodeCursor(cursor, [0, 0, 0]);
  const rows = await sql<AuditView[]>`
    SELECT audit_id AS "auditId", subject_id AS "subjectId", event_id AS "eventId", event_type AS "eventType", topic,
           partition, "offset"::float8 AS "offset", correlation_id AS "correlationId", causation_id AS "causationId", at,
           value_sha256 AS "valueSha256", summary, audit_partition AS "auditPartition",
           audit_offset::float8 AS "auditOffset", appended_at AS "appendedAt"
    FROM khipu.audit
    WHERE tenant_id = ${tenantId} AND (${sessionId}::text IS NULL OR subject_id = ${sessionId}::text)
      AND (${commandId}::text IS NULL OR correlation_id = ${commandId}::text)
      AND (${types === null} OR event_type = ANY(${[...(types ?? [])]}::text[]))
      AND (appended_at, audit_partition, audit_offset) > (${cursorInstant(at)}::timestamptz, ${partition}::bigint, ${offset}::bigint)
    ORDER BY appended_at, audit_partition, audit_offset
    LIMIT ${limit + 1}`;
  return pageOf(rows, limit, (audit) => [audit.appendedAt.getTime(), audit.auditPartition, audit.auditOffset]);
}
