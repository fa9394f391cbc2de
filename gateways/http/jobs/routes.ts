import { z } from 'zod';
import { codeOf } from '../../../infra/kit/errors.ts';
import { jobRows } from '../../../projections/jobs/queries/rows.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { actOnJobsRoute } from './bulk-action.ts';
import { startJobsRoute } from './bulk-start.ts';
import {
  cancelJobRoute,
  forkJobRoute,
  pauseJobRoute,
  resumeJobRoute,
  retryJobRoute,
  signalJobRoute,
  startJobRoute,
} from './commands.ts';
import { getJobContent } from './content.ts';
import { streamJob } from './events.ts';
import { jobFilters, parentFilter, whereOf } from './filters.ts';
import { jobAsOf, jobOrUnknown, jobUnknown, momentNamed } from './find.ts';
import { getJobResult } from './result.ts';
import { instant, jobBody, jobFields, jobPage, jobStepPage, jobTypeList } from './schemas.ts';
import { trialsOf } from './simulation.ts';
import { jobOf, jobSummaryOf, stepOf, typeBody } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'jobs' | 'tables'>>();

/** Steps in the body of a job; `/steps` has all. */
const STEPS_SHOWN = 200;

const getJob = endpoint({
  operationId: 'getJob',
  tag: 'jobs',
  summary: 'Get a job with its steps, now or at an earlier time',
  description:
    '`as_of` answers with the job as the log had it at that time, after that event, or at that position: folded from its events, with the rules of the read model.',
  url: '/v1/jobs/:job_id',
  alias: { url: '/jobs/:job_id', operationId: 'getJobAlias' },
  auth: 'any',
  params: jobFields,
  query: {
    as_of: z
      .union([instant, z.uuid(), z.string().max(2_048)])
      .optional()
      .meta({
        description:
          'Time of the state, RFC 3339, `id` of an event of its stream, or `Khipu-Position` of an answer about this job; now when omitted',
      }),
  },
  views: ['jobs', 'events'],
  response: jobBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { job_id: jobId }, query: { as_of: asOf }, services }) => {
    if (asOf !== undefined) {
      const moment = await momentNamed(services, tenantId, jobId, asOf);
      const { job, steps, trials } = await jobAsOf(services, tenantId, jobId, moment);
      if (job === undefined) throw jobUnknown(jobId);
      return jobOf(job, steps.slice(0, STEPS_SHOWN), trials, isoOf(moment.atMs));
    }
    const job = await jobOrUnknown(services, tenantId, jobId);
    const steps = await services.readModel
      .jobSteps(tenantId, jobId, { limit: STEPS_SHOWN, cursor: null })
      // A job that this process has read is shown without the database.
      .catch((error: unknown) => {
        if (codeOf(error) === 'READ_MODEL_UNAVAILABLE') return { items: [] };
        throw error;
      });
    return jobOf(job, steps.items, await trialsOf(services, tenantId, job), null);
  },
});

const listJobSteps = endpoint({
  operationId: 'listJobSteps',
  tag: 'jobs',
  summary: 'List the steps and waits of a job with their results, in order',
  url: '/v1/jobs/:job_id/steps',
  auth: 'any',
  params: jobFields,
  query: pageQuery,
  views: ['jobs'],
  response: jobStepPage,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { job_id: jobId }, query, services }) => {
    await jobOrUnknown(services, tenantId, jobId);
    const found = await services.readModel.jobSteps(tenantId, jobId, pageOf(query));
    return { items: found.items.map(stepOf), next_cursor: found.nextCursor };
  },
});

const listJobs = endpoint({
  operationId: 'listJobs',
  tag: 'jobs',
  summary: 'List the jobs of the tenant, newest first',
  url: '/v1/jobs',
  query: { ...jobFilters, parent_id: parentFilter, ...pageQuery },
  views: ['jobs'],
  response: jobPage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const found = await readModel.rows(caller.tenantId, jobRows, { ...pageOf(query), where: whereOf(query) });
    return { items: found.items.map(jobSummaryOf), next_cursor: found.nextCursor };
  },
});

const listJobTypes = endpoint({
  operationId: 'listJobTypes',
  tag: 'jobs',
  summary: 'List the types of jobs that workers have registered',
  url: '/v1/job-types',
  auth: 'any',
  response: jobTypeList,
  answer: ({ services: { tables } }) => {
    if (!tables.jobTypes.known) throw new Problem('LOG_UNAVAILABLE', 'The types of jobs cannot be read now');
    const types = [...tables.jobTypes.value.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
    return { items: types.map(typeBody) };
  },
});

/** Returns a route that answers 405 for `GET`; otherwise `start` or `bulk` would be parsed as the id of a job. */
const startTakesPost = (url: string): Route<object> => ({
  outcomes: [],
  follows: [],
  register(app) {
    app.get(url, { config: { auth: 'none', refusesMethod: true }, schema: { hide: true } as object }, () => {
      throw new Problem('METHOD_NOT_ALLOWED', `${url} allows POST`, { headers: { allow: 'POST' } });
    });
  },
});

/** Routes of jobs: start, control, follow and query them. */
export const jobsRoutes = [
  startTakesPost('/v1/jobs/start'),
  startTakesPost('/jobs/start'),
  startTakesPost('/v1/jobs/bulk'),
  startJobRoute,
  startJobsRoute,
  actOnJobsRoute,
  forkJobRoute,
  cancelJobRoute,
  pauseJobRoute,
  resumeJobRoute,
  retryJobRoute,
  signalJobRoute,
  getJob,
  listJobSteps,
  streamJob,
  getJobResult,
  getJobContent,
  listJobs,
  listJobTypes,
];
