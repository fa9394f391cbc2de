import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  AUDIT_EXPORT,
  AUDIT_EXPORT_BYTES_MAX,
  AUDIT_EXPORT_PAGE,
  type AuditFilter,
  type AuditRecord,
  auditedNames,
  auditFormats,
} from '../../../schemas/contexts/jobs/audit-export.ts';
import { uuidV5 } from '../../../schemas/ids.ts';
import type { JobFiles } from '../files/port.ts';
import type { StepRun } from '../sdk/context.ts';
import { JobError } from '../sdk/errors.ts';
import { type Job, job } from '../sdk/job.ts';
import { type AuditSink, ndjsonSink, parquetSink } from './audit-sinks.ts';

/** The audit records that an export has. */
export type AuditRange = AuditFilter & { readonly from: Date | null; readonly until: Date };

/** Records of a page; the cursor of the next one is null on the last. */
export interface AuditRecords {
  readonly items: readonly AuditRecord[];
  readonly nextCursor: string | null;
}

/** Queries of the read model of the audit. */
export interface AuditRows {
  count(tenantId: string, range: AuditRange): Promise<number>;
  /** Resolves with a page, oldest first; with the event of each record when `isFull`. */
  page(
    tenantId: string,
    range: AuditRange,
    page: { readonly limit: number; readonly cursor: string | null; readonly isFull: boolean },
  ): Promise<AuditRecords>;
}

const instant = z.iso.datetime({ offset: true });

const input = z.object({
  from: instant.optional().describe('Only records appended at this time or later, RFC 3339; default: from the first.'),
  until: instant
    .optional()
    .describe('Only records appended before this time; default, and at the latest: the start of the job.'),
  session_id: z.uuid().optional().describe('Only records of this session.'),
  command_id: z.uuid().optional().describe('Only records of the chain of this command.'),
  types: z
    .array(z.enum([...auditedNames.keys()] as [string, ...string[]]))
    .min(1)
    .optional()
    .describe('Only records of events of these types, by their short or full names.'),
  detail: z.enum(['summary', 'full']).default('summary').describe('`full` adds the event to each record.'),
  format: z.enum(auditFormats).default('ndjson').describe('A record a line, or Parquet.'),
});
type Wanted = z.output<typeof input>;

const output = z.object({
  file_id: z.string().describe('File with the records, oldest first.'),
  records: z.int(),
  bytes: z.int(),
  from: z.string().nullable().describe('The range that it has; null from the first record.'),
  until: z.string(),
});

/** Reading and writing wait long already: a step that fails is begun again with longer pauses. */
const EXPORT_STEP = { retry: { attempts: 10, firstDelayMs: 1_000, delayMaxMs: 60_000 } } as const;

function rangeOf({ from, until, session_id, command_id, types }: Wanted, now: Date): AuditRange {
  const end = until === undefined || Date.parse(until) > now.getTime() ? now : new Date(until);
  const start = from === undefined ? null : new Date(from);
  if (start !== null && start >= end)
    throw new JobError('JOB_INPUT_INVALID', `the range from ${from} until ${end.toISOString()} is empty`, {
      retryable: false,
    });
  const names = types?.map((name) => auditedNames.get(name) ?? name) ?? null;
  return { sessionId: session_id ?? null, commandId: command_id ?? null, types: names, from: start, until: end };
}

interface Export {
  readonly tenantId: string;
  readonly range: AuditRange;
  readonly isFull: boolean;
  /** Called after each page. */
  readonly onPage: (done: number, total: number) => void;
  readonly bytesMax: number;
}

/** Writes the records of a range. Resolves with their number. Rejects with JobError AUDIT_EXPORT_TOO_LARGE, not retryable. */
async function writeAll(
  rows: AuditRows,
  sink: AuditSink,
  { tenantId, range, isFull, onPage, bytesMax }: Export,
  signal: AbortSignal,
): Promise<number> {
  const total = await rows.count(tenantId, range);
  let done = 0;
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    signal.throwIfAborted();
    const page: AuditRecords = await rows.page(tenantId, range, { limit: AUDIT_EXPORT_PAGE, cursor, isFull });
    await sink.write(page.items);
    done += page.items.length;
    if (sink.bytes > bytesMax)
      throw new JobError(
        'AUDIT_EXPORT_TOO_LARGE',
        `the export has more than ${bytesMax} bytes; export a shorter range`,
        {
          retryable: false,
        },
      );
    onPage(done, total);
    cursor = page.nextCursor;
  }
  await sink.end();
  return done;
}

/**
 * Returns the job that writes audit records of its tenant to a file. Policy decides on its start, which takes the capability
 * to read the audit; a file is read as every other one.
 */
export const auditExport = (
  files: JobFiles,
  rows: AuditRows,
  bytesMax = AUDIT_EXPORT_BYTES_MAX,
): Job<typeof input, typeof output> =>
  job({
    ...{ name: AUDIT_EXPORT, version: 1, title: 'Export audit records to a file', input, output },
    async run(ctx, wanted) {
      const { tenantId, jobId } = ctx;
      const { format, detail } = wanted;
      const range = rangeOf(wanted, ctx.now());
      const isFull = detail === 'full';
      const from = range.from?.toISOString() ?? null;
      const until = range.until.toISOString();
      const onPage = (done: number, total: number): void =>
        ctx.progress(total === 0 ? 100 : Math.min(100, (100 * done) / total), `${done} of ${total} records`);

      /** Writes to a folder of this process first: a content is named by its digest, so it is read twice. */
      const written = async ({ signal }: StepRun) => {
        const folder = await mkdtemp(join(tmpdir(), 'khipu-audit-'));
        try {
          const path = join(folder, 'export');
          const sink = format === 'parquet' ? parquetSink(path, isFull) : ndjsonSink(path);
          const records = await writeAll(rows, sink, { tenantId, range, isFull, onPage, bytesMax }, signal);
          const kept = await files.keep(tenantId, () => createReadStream(path));
          const fileId = uuidV5(jobId, 'audit-export');
          const filename = `audit_${until.replaceAll(':', '-')}.${format}`;
          const lines = format === 'ndjson' ? records : null;
          await files.create(tenantId, { ...kept, fileId, jobId, filename, purpose: 'audit_export', lines });
          return { file_id: fileId, records, bytes: kept.bytes };
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      };
      return { ...(await ctx.step('write', written, EXPORT_STEP)), from, until };
    },
  });
