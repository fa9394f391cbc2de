import { z } from 'zod';
import {
  type EvaluationRunCondition,
  evaluationRunRows,
  goldenSetVersionRows,
} from '../../../projections/evaluations/queries.ts';
import { type JobRow, statusOf } from '../../../projections/jobs/queries/rows.ts';
import {
  evaluationVerdicts,
  PERSONA_CHECK,
  PERSONA_RECHECK,
  READ_EVALUATIONS,
} from '../../../schemas/contexts/evaluations.ts';
import { contentTextOf } from '../../shared/contents.ts';
import { etagOf } from '../../shared/etag.ts';
import { paginateInMemory } from '../../shared/paginate-in-memory.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { findJob } from '../jobs/find.ts';
import { isOver } from '../jobs/views.ts';
import {
  addGoldenCaseRoute,
  putGoldenSetRoute,
  removeGoldenSetRoute,
  setBaselineRoute,
  startRunRoute,
} from './commands.ts';
import { documentOf, type Needs, setOrUnknown } from './find.ts';
import {
  goldenDocumentBody,
  goldenSetBody,
  goldenSetFields,
  goldenSetPage,
  goldenVersionFields,
  goldenVersionPage,
  runBody,
  runFields,
  runPage,
} from './schemas.ts';
import { contentOfRow, goldenSetOf, openRun, resultIn, runOf, versionOf } from './views.ts';

const { endpoint } = declare<Needs>();

const listGoldenSets = endpoint({
  operationId: 'listGoldenSets',
  tag: 'evaluations',
  summary: 'List the golden sets of the tenant, by name',
  url: '/v1/evaluations/golden-sets',
  takes: READ_EVALUATIONS,
  query: {
    persona: z
      .string()
      .max(63)
      .optional()
      .meta({ description: 'Only golden sets of this persona', examples: ['guide'] }),
    ...pageQuery,
  },
  response: goldenSetPage,
  answer: ({ caller, query, services: { tables } }) => {
    const own = [...tables.goldenSets.value.values()]
      .filter(({ tenantId, status }) => tenantId === caller.tenantId && status === 'kept')
      .filter(({ persona }) => query.persona === undefined || persona === query.persona)
      .sort((one, other) => (one.goldenSetId < other.goldenSetId ? -1 : 1));
    const { items, nextCursor } = paginateInMemory(own, ({ goldenSetId }) => goldenSetId, query);
    return { items: items.map(goldenSetOf), next_cursor: nextCursor };
  },
});

const getGoldenSet = endpoint({
  operationId: 'getGoldenSet',
  tag: 'evaluations',
  summary: 'Get a golden set with its document and its baseline',
  url: '/v1/evaluations/golden-sets/:golden_set',
  takes: READ_EVALUATIONS,
  params: goldenSetFields,
  views: ['files'],
  response: goldenSetBody,
  problems: ['RESOURCE_UNKNOWN', 'LOG_UNAVAILABLE', 'READ_MODEL_BEHIND'],
  answer: async ({ caller: { tenantId }, params, services, reply }) => {
    const set = setOrUnknown(services, tenantId, params.golden_set);
    reply.header('etag', etagOf(set.version));
    return { ...goldenSetOf(set), document: await documentOf(services, tenantId, set.content) };
  },
});

const listVersions = endpoint({
  operationId: 'listGoldenSetVersions',
  tag: 'evaluations',
  summary: 'List the versions of a golden set, the newest first',
  url: '/v1/evaluations/golden-sets/:golden_set/versions',
  takes: READ_EVALUATIONS,
  params: goldenSetFields,
  query: pageQuery,
  views: ['evaluations'],
  response: goldenVersionPage,
  answer: async ({ caller: { tenantId }, params, query, services: { readModel } }) => {
    const where = [{ column: 'golden_set', is: '=', value: params.golden_set }] as const;
    const found = await readModel.rows(tenantId, goldenSetVersionRows, { ...pageOf(query), where });
    return { items: found.items.map(versionOf), next_cursor: found.nextCursor };
  },
});

const getVersion = endpoint({
  operationId: 'getGoldenSetVersion',
  tag: 'evaluations',
  summary: 'Get a version of a golden set with its document',
  url: '/v1/evaluations/golden-sets/:golden_set/versions/:golden_version',
  takes: READ_EVALUATIONS,
  params: goldenVersionFields,
  views: ['evaluations', 'files'],
  response: goldenDocumentBody,
  problems: ['RESOURCE_UNKNOWN', 'READ_MODEL_BEHIND'],
  answer: async ({ caller: { tenantId }, params: { golden_set: name, golden_version: version }, services }) => {
    const row = await services.readModel.row(tenantId, goldenSetVersionRows, `${name}@${version}`);
    if (row === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no version ${version} of ${name}`);
    return { ...versionOf(row), document: await documentOf(services, tenantId, contentOfRow(row)) };
  },
});

const listRuns = endpoint({
  operationId: 'listEvaluations',
  tag: 'evaluations',
  summary: 'List the runs of golden sets that have a verdict, the newest first',
  url: '/v1/evaluations/runs',
  takes: READ_EVALUATIONS,
  query: {
    golden_set: goldenSetFields.golden_set.optional().meta({ description: 'Only runs of this golden set' }),
    verdict: z.enum(evaluationVerdicts).optional().meta({ description: 'Only runs with this verdict' }),
    ...pageQuery,
  },
  views: ['evaluations'],
  response: runPage,
  answer: async ({ caller: { tenantId }, query, services: { readModel } }) => {
    const { golden_set: set, verdict } = query;
    const where: readonly EvaluationRunCondition[] = [
      ...(set === undefined ? [] : [{ column: 'golden_set', is: '=', value: set } as const]),
      ...(verdict === undefined ? [] : [{ column: 'verdict', is: '=', value: verdict } as const]),
    ];
    const found = await readModel.rows(tenantId, evaluationRunRows, { ...pageOf(query), where });
    return { items: found.items.map(runOf), next_cursor: found.nextCursor };
  },
});

const isEvaluation = (job: JobRow | undefined): job is JobRow =>
  job?.type === PERSONA_CHECK || job?.type === PERSONA_RECHECK;

const getRun = endpoint({
  operationId: 'getEvaluation',
  tag: 'evaluations',
  summary: 'Get a run with its verdict, its scorers and one row a case',
  description: 'A run is a job: `GET /v1/jobs/{job_id}` has its steps and what it costs.',
  url: '/v1/evaluations/runs/:evaluation_id',
  takes: READ_EVALUATIONS,
  params: runFields,
  views: ['evaluations', 'jobs', 'files'],
  response: runBody,
  problems: ['RESOURCE_UNKNOWN', 'READ_MODEL_BEHIND'],
  answer: async ({ caller: { tenantId }, params: { evaluation_id: id }, services }) => {
    const row = await services.readModel.row(tenantId, evaluationRunRows, id);
    if (row !== undefined) {
      const result = resultIn(await contentTextOf(services, tenantId, contentOfRow(row)));
      return { ...runOf(row), result };
    }
    const job = await findJob(services, tenantId, id);
    if (!isEvaluation(job)) throw new Problem('RESOURCE_UNKNOWN', `There is no run ${id}`);
    const status = statusOf(job);
    // A job that is completed has its verdict in the log: the read model is about to show it.
    const isFailed = isOver(status) && status !== 'completed';
    const { detail = null } = (job.fault ?? {}) as { readonly detail?: string };
    return { ...openRun(id, isFailed ? 'failed' : 'running', isFailed ? detail : null), result: null };
  },
});

/** Golden sets, their versions and baselines, and runs of them. */
export const evaluationsRoutes = [
  listGoldenSets,
  getGoldenSet,
  putGoldenSetRoute,
  removeGoldenSetRoute,
  listVersions,
  getVersion,
  addGoldenCaseRoute,
  setBaselineRoute,
  startRunRoute,
  listRuns,
  getRun,
];
