/** Exports of the audit: what the job that writes one, and policy that decides on its start, have to agree on. */

import { fullNames, type RecordName } from '../../generated/records.ts';
import { auditedTopics } from '../../topics.ts';

/** Type of the jobs that export audit records. */
export const AUDIT_EXPORT = 'audit.export';
/** The capability that reading the audit of the whole tenant into a file takes. */
export const READ_AUDIT = 'audit:read';

export const auditFormats = ['ndjson', 'parquet'] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** Largest export, in bytes, and records that are read from the read model at once. */
export const AUDIT_EXPORT_BYTES_MAX = 256 * 1024 * 1024;
export const AUDIT_EXPORT_PAGE = 500;

/** Records that have audit records. */
export const auditedRecords = auditedTopics.flatMap(({ records }) => Object.keys(records) as RecordName[]);

/** Full names of audited records by their full and their short names. */
export const auditedNames: ReadonlyMap<string, string> = new Map(
  auditedRecords.flatMap((name) => [
    [name, fullNames[name]],
    [fullNames[name], fullNames[name]],
  ]),
);

/** A choice of audit records. A missing or null member chooses all. */
export interface AuditFilter {
  /** Session, or inference request. */
  readonly sessionId?: string | null;
  /** Command whose chain they are of. */
  readonly commandId?: string | null;
  /** Full names of the records of their events. */
  readonly types?: readonly string[] | null;
  /** Appended at this time or later. */
  readonly from?: Date | null;
  /** Appended before this time. */
  readonly until?: Date | null;
}

/** An audit record as routes and exports show it. Times are RFC 3339. */
export interface AuditRecord {
  readonly audit_id: string;
  readonly subject_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly at: string;
  readonly appended_at: string;
  readonly value_sha256: string;
  readonly summary: string;
  /** Its event; missing where it was not asked for, null when only the topic has it. */
  readonly event?: {
    readonly stream_version: number;
    readonly data: Record<string, unknown>;
    readonly metadata: Record<string, string>;
  } | null;
}
