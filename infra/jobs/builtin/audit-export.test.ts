import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../../../schemas/contexts/jobs/audit-export.ts';
import { ManualClock } from '../../runner/testing/processors.ts';
import { TENANT_ID, TestJob } from '../engine/testing.ts';
import { MemoryFiles } from '../files/testing.ts';
import { type AuditRange, type AuditRows, auditExport } from './audit-export.ts';

const AT = Date.UTC(2026, 0, 1, 10);

/** Returns a record as the routes show it. */
const recordOf = (n: number, isFull: boolean): AuditRecord => ({
  ...{ audit_id: `audit-${n}`, subject_id: `s-${n % 3}`, event_id: `event-${n}`, correlation_id: 'c' },
  ...{ event_type: 'khipu.jobs.JobAccepted', topic: 'jobs.events', partition: n % 4, offset: 2 ** 40 + n },
  ...{ causation_id: 'd', at: new Date(AT + n).toISOString(), appended_at: new Date(AT + n + 1).toISOString() },
  ...{ value_sha256: 'ab'.repeat(32), summary: `knöt ${n}, "tied"` },
  ...(isFull && {
    event: n % 5 === 0 ? null : { stream_version: n, data: { knots: [n, null] }, metadata: { ce_id: `event-${n}` } },
  }),
});
const recordsOf = (count: number, isFull: boolean) => Array.from({ length: count }, (_, n) => recordOf(n, isFull));

/** Rows of a read model with `count` records. */
class Rows implements AuditRows {
  readonly asked: AuditRange[] = [];
  readonly #count: number;
  failures = 0;

  constructor(count: number) {
    this.#count = count;
  }

  async count(tenantId: string, range: AuditRange): Promise<number> {
    expect(tenantId).toBe(TENANT_ID);
    this.asked.push(range);
    return this.#count;
  }

  async page(_tenantId: string, _range: AuditRange, page: Parameters<AuditRows['page']>[2]) {
    if (page.cursor !== null && this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database restarts');
    }
    const at = Number(page.cursor ?? 0);
    const next = at + page.limit;
    const items = recordsOf(Math.min(next, this.#count), page.isFull).slice(at);
    return { items, nextCursor: next < this.#count ? String(next) : null };
  }
}

async function exported(rows: Rows, input: object, bytesMax?: number) {
  const files = new MemoryFiles();
  const test = new TestJob(auditExport(files, rows, bytesMax), input);
  const end = await test.complete({ clock: new ManualClock(AT + 60_000) });
  const output = JSON.parse(end.output ?? 'null') as { readonly file_id: string; readonly records: number };
  const file = files.files.get(output?.file_id ?? '');
  return { end, output, file, bytes: files.contents.get(file?.digest ?? '') ?? Buffer.alloc(0), test, rows };
}

const linesOf = (bytes: Buffer): readonly unknown[] =>
  bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

describe('an export as NDJSON', () => {
  it('has a record a line as the routes show it, page by page, with its progress', async () => {
    const { output, file, bytes, test } = await exported(new Rows(1_203), {});
    expect(linesOf(bytes)).toEqual(recordsOf(1_203, false));
    expect(output).toEqual({
      ...{ file_id: file?.fileId, records: 1_203, bytes: bytes.length, from: null, until: '2026-01-01T10:01:00.000Z' },
    });
    expect(file).toMatchObject({
      ...{ filename: 'audit_2026-01-01T10-01-00.000Z.ndjson', purpose: 'audit_export', lines: 1_203 },
    });
    const progress = test.reports.filter((report) => report.kind === 'progress');
    expect(progress.at(-1)).toMatchObject({ percent: 100, message: '1203 of 1203 records' });
  });

  it('has the events when it is full, and is an empty file without records', async () => {
    const { bytes } = await exported(new Rows(12), { detail: 'full' });
    expect(linesOf(bytes)).toEqual(recordsOf(12, true));
    const { output, file } = await exported(new Rows(0), {});
    expect([output.records, file?.bytes, file?.pieces]).toEqual([0, 0, 0]);
  });

  it('asks for the range and the filters, with full names, and no record of after its start', async () => {
    const sessionId = '11111111-1111-4111-8111-111111111111';
    const range = { from: '2026-01-01T09:00:00Z', until: '2026-02-01T00:00:00Z' };
    const { rows } = await exported(new Rows(1), { ...range, session_id: sessionId, types: ['TurnCompleted'] });
    expect(rows.asked).toEqual([
      {
        ...{ sessionId, commandId: null, types: ['khipu.conversation.TurnCompleted'] },
        ...{ from: new Date('2026-01-01T09:00:00Z'), until: new Date(AT + 60_000) },
      },
    ]);
  });

  it('begins again after a failure, writes each record once, and leaves nothing in the folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'khipu-test-'));
    vi.stubEnv('TMPDIR', folder);
    const rows = new Rows(1_100);
    rows.failures = 1;
    const files = new MemoryFiles();
    const test = new TestJob(auditExport(files, rows), {});
    const clock = new ManualClock(AT);
    expect(await test.run({ clock })).toMatchObject({ outcome: 'waiting' });
    clock.advance(60_000);
    expect(await test.run({ clock })).toMatchObject({ outcome: 'completed' });
    const [file] = files.files.values();
    expect(linesOf(files.contents.get(file?.digest ?? '') ?? Buffer.alloc(0))).toHaveLength(1_100);
    expect(rows.asked).toHaveLength(2);
    expect(readdirSync(folder)).toEqual([]);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
});

describe('an export as Parquet', () => {
  const read = async (bytes: Buffer) => {
    const file: AsyncBuffer = {
      byteLength: bytes.length,
      slice: async (from, to) => new Uint8Array(bytes.subarray(from, to)).buffer,
    };
    return { rows: await parquetReadObjects({ file }), metadata: await parquetMetadataAsync(file) };
  };
  /** Returns a row as the routes show it. */
  const wire = (row: Record<string, unknown>) => ({
    ...row,
    offset: Number(row['offset']),
    at: (row['at'] as Date).toISOString(),
    appended_at: (row['appended_at'] as Date).toISOString(),
  });

  it.each([false, true])('has the same records, in groups; full: %s', async (isFull) => {
    const { bytes, file } = await exported(new Rows(10_700), {
      format: 'parquet',
      detail: isFull ? 'full' : 'summary',
    });
    const { rows, metadata } = await read(bytes);
    expect(rows.map(wire)).toEqual(recordsOf(10_700, isFull));
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([10_000, 700]);
    expect(file).toMatchObject({ filename: expect.stringMatching(/\.parquet$/), lines: null });
  });

  it('is a file without rows when there is no record', async () => {
    const { bytes } = await exported(new Rows(0), { format: 'parquet' });
    const { rows, metadata } = await read(bytes);
    expect([rows, metadata.schema.length]).toEqual([[], 14]);
  });
});

describe('an export is refused, for good', () => {
  it('when its range is empty, or a field is none', async () => {
    const now = { from: '2026-01-01T10:01:00Z', until: '2026-01-02T00:00:00Z' };
    for (const input of [now, { types: ['Weather'] }, { format: 'csv' }, { from: 'yesterday' }])
      expect((await exported(new Rows(1), input)).end).toMatchObject({ code: 'JOB_INPUT_INVALID', retryable: false });
  });

  it('when it becomes too large', async () => {
    for (const format of ['ndjson', 'parquet']) {
      const { end, file } = await exported(new Rows(12_000), { format }, 100_000);
      expect(end).toMatchObject({ outcome: 'failed', code: 'AUDIT_EXPORT_TOO_LARGE', retryable: false });
      expect(file).toBeUndefined();
    }
  });
});
