import { z } from 'zod';
import { type FileCondition, fileRows } from '../../../projections/files/queries.ts';
import { READ_FILES } from '../../../schemas/contexts/files.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { openAiErrors } from '../error-format.ts';
import { listBody, listOf, listQuery, pageAfter } from '../list.ts';
import { fileBody, fileFields, fileOf } from './body.ts';
import { fileOrNotFound } from './find.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel'>>();

const common = { tag: 'openai', takes: READ_FILES, views: ['files'], problemFormat: openAiErrors } as const;

/** Route that shows one file. */
export const getFile = endpoint({
  ...common,
  operationId: 'getFile',
  summary: 'Get a file, without its content',
  url: '/v1/files/:file_id',
  params: fileFields,
  response: fileBody,
  problems: ['FILE_NOT_FOUND'],
  answer: async ({ caller, params, services }) =>
    fileOf(await fileOrNotFound(services, caller.tenantId, params.file_id)),
});

const kept: FileCondition = { column: 'status', is: '=', value: 'kept' };

/** Route that lists the files of the tenant. */
export const listFiles = endpoint({
  ...common,
  operationId: 'listFiles',
  summary: 'List the files of the tenant, newest first',
  url: '/v1/files',
  query: {
    ...listQuery,
    purpose: z.string().min(1).max(64).optional().meta({ description: 'Only files for this purpose' }),
    order: z.literal('desc', 'Expected "desc": no other order is supported').optional(),
  },
  response: listOf(fileBody, 'FileList'),
  problems: ['FILE_NOT_FOUND'],
  answer: async ({ caller: { tenantId }, query: { limit, after, purpose }, services: { readModel } }) => {
    // A deleted file still marks where the next page begins.
    const row = after === undefined ? undefined : await readModel.row(tenantId, fileRows, after);
    const page = pageAfter(limit, row === undefined ? null : { row, id: row.file_id });
    const where: readonly FileCondition[] = [
      kept,
      ...(purpose === undefined ? [] : [{ column: 'purpose', is: '=', value: purpose } as const]),
    ];
    const found = await readModel.rows(tenantId, fileRows, { ...page, where });
    return listBody(found.items.map(fileOf), found.nextCursor !== null);
  },
});
