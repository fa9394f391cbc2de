import { contentIdOf, pieceIdOf } from '../../schemas/contexts/files.ts';
import { topics } from '../../schemas/topics.ts';
import { appendTable, assertNever, first, foldTable, instant, key, last, max, projection, row } from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** One row per file. A deleted one keeps its row, and its place. */
export const filesTable = foldTable('files', {
  tenant_id: key('text'),
  file_id: key('text'),
  place: first('text'),
  /** kept or deleted. */
  status: last('text'),
  filename: first('text'),
  purpose: first('text'),
  bytes: first('bigint'),
  digest: first('text'),
  pieces: first('integer'),
  lines: first('integer'),
  principal: first('text'),
  job_id: first('text'),
  /** Of a file that a call of the tool files wrote. */
  workspace: first('text'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

/** The contents, in pieces: one row per tenant, digest and number. */
export const filePiecesTable = appendTable('file_pieces', {
  tenant_id: key('text'),
  /** `<digest>/<piece>`. */
  piece_id: key('text'),
  /** In base64. */
  bytes: first('text'),
  created_at: first('timestamptz'),
});

/** A file as it is read. */
export type FileRow = RowView<typeof filesTable.columns>;

/** The files of a tenant and their contents. A refused command changes no row. */
export const files = projection({
  name: 'files',
  version: 1,
  inputs: [topics.filesEvents, topics.filesPieces],
  tables: [filesTable, filePiecesTable],
  apply(record, { tenantId: tenant_id, place, timeMs }) {
    const at = instant(timeMs);
    switch (record.type) {
      case 'FilePiece': {
        const { contentId, digest, piece, bytes } = record.data;
        // A piece under the name of another tenant's content is dropped.
        if (contentId !== contentIdOf(tenant_id, digest)) return [];
        return [row(filePiecesTable, { tenant_id, piece_id: pieceIdOf(digest, piece), bytes, created_at: at })];
      }
      case 'FileCreated': {
        const { fileId: file_id, filename, purpose, bytes, digest, pieces, lines, principal } = record.data;
        const content = { filename, purpose, bytes, digest, pieces, lines, principal, job_id: record.data.jobId };
        const { workspace } = record.data;
        const dated = { created_at: at, updated_at: at };
        return [row(filesTable, { tenant_id, file_id, place, status: 'kept', ...content, workspace, ...dated })];
      }
      case 'FileDeleted':
        return [row(filesTable, { tenant_id, file_id: record.data.fileId, place, status: 'deleted', updated_at: at })];
      case 'FileRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});
