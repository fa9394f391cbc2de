import { type FileRow, fileRows } from '../../../projections/files/queries.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';

/** Returns Problem FILE_NOT_FOUND. */
export const fileNotFound = (fileId: string): Problem => new Problem('FILE_NOT_FOUND', `There is no file ${fileId}`);

/** Resolves with a file. Rejects with Problem FILE_NOT_FOUND when the tenant has none of this id, or has deleted it. */
export async function fileOrNotFound(
  { readModel }: Pick<GatewayServices, 'readModel'>,
  tenantId: string,
  fileId: string,
): Promise<FileRow> {
  const row = await readModel.row(tenantId, fileRows, fileId);
  if (row === undefined || row.status !== 'kept') throw fileNotFound(fileId);
  return row;
}
