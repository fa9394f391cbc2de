import { z } from 'zod';
import { type JobRow, type JobStepRow, jobRows, jobStatuses } from '../../../projections/jobs/queries/rows.ts';
import { templateRows, templateVersionRows } from '../../../projections/workflows/queries.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import type { WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { READ_TEMPLATES, templateTag, WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import { contentTextOf } from '../../shared/contents.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { whereOf } from '../jobs/filters.ts';
import { importTemplateRoute, removeTemplateRoute, startRunRoute } from './commands.ts';
import { templateOrUnknown, versionOrUnknown } from './find.ts';
import { planTemplate } from './plan.ts';
import { decideReviewRoute, runOrUnknown } from './reviews.ts';
import {
  digestFilter,
  runBody,
  runFields,
  runPage,
  templateBody,
  templateFields,
  templatePage,
  templateVersionPage,
} from './schemas.ts';
import { runOf, runStepOf, runSummaryOf, templateOf, templateSummaryOf, versionOf } from './views.ts';

type Needs = Pick<GatewayServices, 'readModel' | 'jobs'>;
const { endpoint } = declare<Needs>();

/** Most steps of a run that its graph is made of, and steps a read. */
const STEPS_MAX = 5_000;
const PAGE = 500;

const listTemplates = endpoint({
  operationId: 'listTemplates',
  tag: 'workflows',
  summary: 'List the templates of the tenant, the newest first',
  url: '/v1/templates',
  takes: READ_TEMPLATES,
  query: pageQuery,
  views: ['workflows'],
  response: templatePage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const where = [{ column: 'status', is: '=', value: 'kept' }] as const;
    const found = await readModel.rows(caller.tenantId, templateRows, { ...pageOf(query), where });
    return { items: found.items.map(templateSummaryOf), next_cursor: found.nextCursor };
  },
});

const getTemplate = endpoint({
  operationId: 'getTemplate',
  tag: 'workflows',
  summary: 'Get a version of a template with its document',
  url: '/v1/templates/:template',
  takes: READ_TEMPLATES,
  params: templateFields,
  query: { sha256: digestFilter },
  views: ['workflows'],
  response: templateBody,
  problems: ['TEMPLATE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params, query, services }) =>
    templateOf(await versionOrUnknown(services, tenantId, params.template, query.sha256)),
});

const listTemplateVersions = endpoint({
  operationId: 'listTemplateVersions',
  tag: 'workflows',
  summary: 'List the versions of a template, the newest first',
  url: '/v1/templates/:template/versions',
  takes: READ_TEMPLATES,
  params: templateFields,
  query: pageQuery,
  views: ['workflows'],
  response: templateVersionPage,
  problems: ['TEMPLATE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { template: value }, query, services }) => {
    await templateOrUnknown(services, tenantId, value);
    const where = [{ column: 'template', is: '=', value }] as const;
    const found = await services.readModel.rows(tenantId, templateVersionRows, { ...pageOf(query), where });
    return { items: found.items.map(versionOf), next_cursor: found.nextCursor };
  },
});

const listRuns = endpoint({
  operationId: 'listWorkflowRuns',
  tag: 'workflows',
  summary: 'List the runs of workflows, the newest first',
  url: '/v1/runs',
  query: {
    template: templateFields.template.optional().meta({ description: 'Only runs of this template' }),
    status: z.enum(jobStatuses).optional().meta({ description: 'Only runs with this status' }),
    ...pageQuery,
  },
  views: ['jobs'],
  response: runPage,
  answer: async ({ caller, query: { template, status, ...page }, services: { readModel } }) => {
    const tag = template === undefined ? undefined : templateTag(template);
    const where = whereOf({ type: WORKFLOW_RUN, status, tag });
    const found = await readModel.rows(caller.tenantId, jobRows, { ...pageOf(page), where });
    return { items: found.items.map(runSummaryOf), next_cursor: found.nextCursor };
  },
});

/** Resolves with the document in the input of a run; an input above 64 KiB is read from its pieces. */
async function documentOf(services: Needs, tenantId: string, { input }: JobRow): Promise<WorkflowDocument> {
  const content = namedIn(input);
  const text = content === null ? input : await contentTextOf(services, tenantId, content);
  return (JSON.parse(text ?? 'null') as { readonly workflow: WorkflowDocument }).workflow;
}

/** Resolves with the steps of a job, at most 5,000. */
async function stepsOf({ readModel }: Needs, tenantId: string, jobId: string): Promise<readonly JobStepRow[]> {
  const all: JobStepRow[] = [];
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly JobStepRow[]; readonly nextCursor: string | null } =
      await readModel.jobSteps(tenantId, jobId, { limit: PAGE, cursor });
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && all.length < STEPS_MAX);
  return all;
}

const getRun = endpoint({
  operationId: 'getWorkflowRun',
  tag: 'workflows',
  summary: 'Get a run as a graph: its tasks with states, attempts and costs',
  description: 'The job of the same id has its steps, stream, result and control: `/v1/jobs/{job_id}`.',
  url: '/v1/runs/:workflow_run_id',
  auth: 'any',
  params: runFields,
  views: ['jobs'],
  response: runBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { workflow_run_id: runId }, services }) => {
    const job = await runOrUnknown(services, tenantId, runId);
    const steps = await stepsOf(services, tenantId, runId);
    return runOf(job, await documentOf(services, tenantId, job), steps.map(runStepOf));
  },
});

/** Routes of workflows: templates, and runs as graphs. A run is controlled as the job that it is. */
export const workflowsRoutes = [
  importTemplateRoute,
  listTemplates,
  getTemplate,
  listTemplateVersions,
  planTemplate,
  removeTemplateRoute,
  startRunRoute,
  listRuns,
  getRun,
  decideReviewRoute,
];
