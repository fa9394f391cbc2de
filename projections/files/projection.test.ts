import { expect, it } from 'vitest';
import { fileCreated, fileDeleted, filePiece, fileRefused } from '../../schemas/generated/records.ts';
import { AT, rowsOf } from '../testing/apply.ts';
import { decision } from '../testing/sample.ts';
import { filePiecesTable, files } from './projection.ts';

const digest = 'ab'.repeat(32);
const created = (fileId: string) =>
  fileCreated({
    ...{
      fileId,
      tenantId: 'acme',
      principal: 'key-1',
      jobId: null,
      workspace: null,
      filename: 'a.jsonl',
      purpose: 'batch',
    },
    ...{ bytes: 600_000, digest, pieces: 2, lines: 9, decisionId: 'd' },
  });
const piece = (n: number, bytes: string, tenant = 'acme') =>
  filePiece({ contentId: `${tenant}/${digest}`, digest, piece: n, bytes });

it('shows a file until it is deleted; the row stays, with its place', () => {
  expect(rowsOf(files, [created('a')])).toMatchObject([
    { file_id: 'a', status: 'kept', filename: 'a.jsonl', bytes: 600_000, pieces: 2, lines: 9, created_at: AT },
  ]);
  const deleted = fileDeleted({ fileId: 'a', deletedBy: 'key-2', decisionId: 'd' });
  expect(rowsOf(files, [created('a'), deleted])).toMatchObject([{ file_id: 'a', status: 'deleted', digest }]);
});

it('has no row of a refusal', () => {
  const refused = fileRefused({
    ...{ fileId: 'a', principal: 'key-1', code: 'POLICY_DENIED', detail: 'no', decision, shortfall: null },
  });
  expect(rowsOf(files, [refused])).toEqual([]);
});

it('has each piece once, and none under the name of the content of another tenant', () => {
  const rows = rowsOf(
    files,
    [piece(0, 'AAAA'), piece(1, 'BB=='), piece(0, 'AAAA'), piece(0, 'CCCC', 'other')],
    filePiecesTable.name,
  );
  expect(rows).toMatchObject([
    { piece_id: `${digest}/0`, bytes: 'AAAA' },
    { piece_id: `${digest}/1`, bytes: 'BB==' },
  ]);
});
