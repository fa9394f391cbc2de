import { jobRows } from '../../../projections/jobs/queries/rows.ts';
import { BATCH_TAG, INFERENCE_BATCH } from '../../../schemas/contexts/jobs/batch.ts';
import { whereOf } from '../../http/jobs/filters.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { openAiErrors } from '../error-format.ts';
import { listBody, listQuery, pageAfter } from '../list.ts';
import { askedIn, batchBody, batchFields, batchList, batchOf } from './body.ts';
import { batchOrUnknown } from './find.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'jobs'>>();

const common = { tag: 'openai', views: ['jobs'], problemFormat: openAiErrors } as const;

/** Route that shows one batch. */
export const getBatch = endpoint({
  ...common,
  operationId: 'getBatch',
  summary: 'Get a batch',
  description: 'It is a job as well: `GET /v1/jobs/{job_id}` shows its steps, and the jobs of its parts.',
  url: '/v1/batches/:batch_id',
  params: batchFields,
  response: batchBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller, params, services }) => {
    const { job, asked } = await batchOrUnknown(services, caller.tenantId, params.batch_id);
    return batchOf(job, asked);
  },
});

/** Route that lists the batches of the tenant. */
export const listBatches = endpoint({
  ...common,
  operationId: 'listBatches',
  summary: 'List the batches of the tenant, newest first',
  url: '/v1/batches',
  query: listQuery,
  response: batchList,
  answer: async ({ caller: { tenantId }, query: { limit, after }, services: { readModel } }) => {
    const row = after === undefined ? undefined : await readModel.row(tenantId, jobRows, after);
    const page = pageAfter(limit, row === undefined ? null : { row, id: row.job_id });
    const where = whereOf({ type: INFERENCE_BATCH, tag: BATCH_TAG });
    const found = await readModel.rows(tenantId, jobRows, { ...page, where });
    const batches = found.items.flatMap((job) => {
      const asked = askedIn(job);
      return asked === null ? [] : [batchOf(job, asked)];
    });
    return listBody(batches, found.nextCursor !== null);
  },
});
