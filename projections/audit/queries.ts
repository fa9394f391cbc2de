import type { AuditFilter, AuditRecord } from '../../schemas/contexts/jobs/audit-export.ts';
import { eventsByIds, type StoredEvent } from '../events/queries.ts';
import { cursorInstant, decodeCursor, END_OF_TIME_MS, type Page, pageOf, type Sql } from '../sql.ts';

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

/** An audit record with its event; null when it was not asked for, or the eventstore has none. */
export interface AuditEntry {
  readonly audit: AuditView;
  readonly event: StoredEvent | null;
}

/** Returns an audit record with the names of the wire, as routes and exports show it; with its event when `isFull`. */
export const auditRecordOf = ({ audit, event }: AuditEntry, isFull: boolean): AuditRecord => ({
  audit_id: audit.auditId,
  subject_id: audit.subjectId,
  event_id: audit.eventId,
  event_type: audit.eventType,
  topic: audit.topic,
  partition: audit.partition,
  offset: audit.offset,
  correlation_id: audit.correlationId,
  causation_id: audit.causationId,
  at: audit.at.toISOString(),
  appended_at: audit.appendedAt.toISOString(),
  value_sha256: audit.valueSha256,
  summary: audit.summary,
  ...(isFull && {
    event: event === null ? null : { stream_version: event.streamVersion, data: event.data, metadata: event.metadata },
  }),
});

/** A page of audit records. */
export type AuditPage = AuditFilter & { readonly limit: number; readonly cursor: string | null };

/** Returns the audit records of the tenant, oldest first. Throws CursorError. */
export async function listAudit(
  sql: Sql,
  tenantId: string,
  { limit, cursor, sessionId = null, commandId = null, types = null, from = null, until = null }: AuditPage,
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
      AND appended_at >= ${from ?? new Date(0)}::timestamptz
      AND appended_at < ${until ?? new Date(END_OF_TIME_MS)}::timestamptz
      AND (appended_at, audit_partition, audit_offset) > (${cursorInstant(at)}::timestamptz, ${partition}::bigint, ${offset}::bigint)
    ORDER BY appended_at, audit_partition, audit_offset
    LIMIT ${limit + 1}`;
  return pageOf(rows, limit, (audit) => [audit.appendedAt.getTime(), audit.auditPartition, audit.auditOffset]);
}

/** Returns audit records as `listAudit` does, each with its event when `isFull`. */
export async function listAuditEntries(
  sql: Sql,
  tenantId: string,
  { isFull, ...wanted }: AuditPage & { readonly isFull: boolean },
): Promise<Page<AuditEntry>> {
  const found = await listAudit(sql, tenantId, wanted);
  const ids = isFull ? found.items.map(({ eventId }) => eventId) : [];
  const events = ids.length === 0 ? [] : await eventsByIds(sql, tenantId, ids);
  const byId = new Map(events.map((event) => [event.eventId, event]));
  return { ...found, items: found.items.map((audit) => ({ audit, event: byId.get(audit.eventId) ?? null })) };
}

/** Returns the number of audit records of a choice. */
export async function countAudit(
  sql: Sql,
  tenantId: string,
  { sessionId = null, commandId = null, types = null, from = null, until = null }: AuditFilter,
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::float8 AS count
    FROM khipu.audit
    WHERE tenant_id = ${tenantId} AND (${sessionId}::text IS NULL OR subject_id = ${sessionId}::text)
      AND (${commandId}::text IS NULL OR correlation_id = ${commandId}::text)
      AND (${types === null} OR event_type = ANY(${[...(types ?? [])]}::text[]))
      AND appended_at >= ${from ?? new Date(0)}::timestamptz
      AND appended_at < ${until ?? new Date(END_OF_TIME_MS)}::timestamptz`;
  return row?.count ?? 0;
}
