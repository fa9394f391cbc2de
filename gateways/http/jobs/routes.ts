import { z } from 'zod';
import { codeOf } from '../../../infra/kit/errors.ts';
import { type JobCondition, jobRows, jobStatuses, withStatus } from '../../../projections/jobs/queries/rows.ts';
import { SCHEDULE_NAME } from '../../../schemas/contexts/schedules.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import {
  cancelJobRoute,
  pauseJobRoute,
  resumeJobRoute,
  retryJobRoute,
  signalJobRoute,
  startJobRoute,
} from './commands.ts';
import { streamJob } from './events.ts';
import { jobAsOf, jobOrUnknown, jobUnknown } from './find.ts';
import { getJobResult } from './result.ts';
import { jobBody, jobFields, jobPage, jobStepPage, jobType, jobTypeList } from './schemas.ts';
import { jobOf, jobSummaryOf, stepOf, typeBody } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'jobs' | 'tables'>>();

const instant = z.iso.datetime({ offset: true });
const timeOf = (text: string): string => new Date(text).toISOString();

/** Steps in the body of a job; `/steps` has all. */
const STEPS_SHOWN = 200;

const getJob = endpoint({
  operationId: 'getJob',
  tag: 'jobs',
  summary: 'Get a job with its steps, now or at an earlier time',
  description:
    '`as_of` answers with the job as the log had it at that time: folded from its events, with the rules of the read model.',
  url: '/v1/jobs/:job_id',
  alias: { url: '/jobs/:job_id', operationId: 'getJobAlias' },
  auth: 'any',
  params: jobFields,
  query: { as_of: instant.optional().meta({ description: 'Time of the state, RFC 3339; now when omitted' }) },
  views: ['jobs', 'events'],
  response: jobBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller: { tenantId }, params: { job_id: jobId }, query: { as_of: asOf }, services }) => {
    if (asOf !== undefined) {
      const { job, steps } = await jobAsOf(services, tenantId, jobId, Date.parse(asOf));
      if (job === undefined) throw jobUnknown(jobId);
      return jobOf(job, steps.slice(0, STEPS_SHOWN), timeOf(asOf));
    }
    const job = await jobOrUnknown(services, tenantId, jobId);
    const steps = await services.readModel
      .jobSteps(tenantId, jobId, { limit: STEPS_SHOWN, cursor: null })
      // A job that this process has read is shown without the database.
      .catch((error: unknown) => {
        if (codeOf(error) === 'READ_MODEL_UNAVAILABLE') return { items: [] };
        throw error;
      });
    return jobOf(job, steps.items, null);
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

const filters = {
  status: z.enum(jobStatuses).optional().meta({ description: 'Only jobs with this status' }),
  type: jobType.optional().meta({ description: 'Only jobs of this type' }),
  tag: z.string().min(1).max(100).optional().meta({ description: 'Only jobs with this tag' }),
  parent_id: z.uuid().optional().meta({ description: 'Only children of this job' }),
  schedule_id: z.string().regex(SCHEDULE_NAME).optional().meta({ description: 'Only jobs of this schedule' }),
  created_from: instant.optional().meta({ description: 'Only jobs started at this time or later, RFC 3339' }),
  created_before: instant.optional().meta({ description: 'Only jobs started before this time, RFC 3339' }),
};

type Filters = z.output<z.ZodObject<typeof filters>>;

/** Returns the conditions of a query. */
const whereOf = ({
  status,
  type,
  tag,
  parent_id,
  schedule_id,
  created_from,
  created_before,
}: Filters): readonly JobCondition[] => [
  ...(status === undefined ? [] : withStatus(status)),
  ...(type === undefined ? [] : [{ column: 'type', is: '=', value: type } as const]),
  ...(tag === undefined ? [] : [{ column: 'tags', is: 'has', value: tag } as const]),
  ...(parent_id === undefined ? [] : [{ column: 'parent_id', is: '=', value: parent_id } as const]),
  ...(schedule_id === undefined ? [] : [{ column: 'schedule_id', is: '=', value: schedule_id } as const]),
  ...(created_from === undefined ? [] : [{ column: 'created_at', is: '>=', value: timeOf(created_from) } as const]),
  ...(created_before === undefined ? [] : [{ column: 'created_at', is: '<', value: timeOf(created_before) } as const]),
];

const listJobs = endpoint({
  operationId: 'listJobs',
  tag: 'jobs',
  summary: 'List the jobs of the tenant, newest first',
  url: '/v1/jobs',
  query: { ...filters, ...pageQuery },
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

/** Returns a route that answers 405 for `GET` of a start; otherwise `start` would be parsed as the id of a job. */
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
  startJobRoute,
  cancelJobRoute,
  pauseJobRoute,
  resumeJobRoute,
  retryJobRoute,
  signalJobRoute,
  getJob,
  listJobSteps,
  streamJob,
  getJobResult,
  listJobs,
  listJobTypes,
];
