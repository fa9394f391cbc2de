import type { JobRow } from '../../../projections/jobs/queries/rows.ts';
import { CONTROL_JOBS } from '../../../schemas/contexts/jobs.ts';
import { cancelJob, pauseJob, resumeJob, retryJob } from '../../../schemas/generated/records.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { applyPreference, lazily, manyAnswerHeaders, manyHeaders, manyRequest } from '../../shared/command/many.ts';
import type { Command } from '../../shared/log/command-appender.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { authorize } from '../../shared/route/request.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { bulkDryRun, bulkJobsBody, jobsActedOn } from './bulk-schemas.ts';
import { type BulkAction, jobsFor } from './bulk-search.ts';
import { askedBy } from './commands.ts';
import type { JobFilter } from './filters.ts';
import { jobSummaryOf } from './views.ts';

const OPERATION = 'actOnJobs';
/** Jobs that a dry run shows. */
const SAMPLE = 10;

type Services = Pick<GatewayServices, 'sender' | 'readModel' | 'bulkTokens'>;

/** Returns the command of an action to a job. */
function commandOf(caller: Caller, action: BulkAction, reason: string, { job_id: jobId }: JobRow): Command {
  const { principal } = caller;
  switch (action) {
    case 'cancel':
      return cancelJob({ jobId, principal, reason });
    case 'pause':
      return pauseJob({ jobId, principal, reason, mode: 'finish_step' });
    case 'resume':
      return resumeJob({ ...askedBy(caller), jobId });
    case 'retry':
      return retryJob({ ...askedBy(caller), jobId });
  }
}

const tokenInvalid = (): Problem =>
  new Problem(
    'JOB_BULK_TOKEN_INVALID',
    'Send the token of a dry run of this caller, filter and action: it is valid for ten minutes',
    {
      errors: [{ in: 'body', pointer: '#/token', detail: 'Expected `token` of a dry run' }],
    },
  );

const changed = (count: number): Problem =>
  new Problem('JOB_BULK_CHANGED', `The filter now finds ${count} jobs, not those of the dry run; look at them again`, {
    extensions: { count },
  });

const listUrl = (filter: JobFilter): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, value);
  return `/v1/jobs${query.size === 0 ? '' : `?${query}`}`;
};

function register(app: App, services: Services): void {
  const { sender, readModel, bulkTokens } = services;
  app.route({
    method: 'POST',
    url: '/v1/jobs/bulk',
    config: {
      auth: 'api_key',
      appends: ['CancelJob', 'PauseJob', 'ResumeJob', 'RetryJob'],
      problems: [
        ...(['CAPABILITY_MISSING', 'JOB_BULK_TOKEN_INVALID', 'JOB_BULK_CHANGED', 'JOB_BULK_TOO_LARGE'] as const),
        ...(['READ_MODEL_UNAVAILABLE', 'LOG_UNAVAILABLE'] as const),
      ],
      answerHeaders: manyAnswerHeaders,
    },
    schema: {
      operationId: OPERATION,
      tags: ['jobs'],
      summary: 'Cancel, pause, resume or retry all jobs of a filter, after a dry run',
      description: `Requires \`${CONTROL_JOBS}\`. With \`dry_run\`, the answer has the number of the jobs, some of them, and a token. The same request with this token instead does it for exactly these jobs: when the filter finds others by then, it is refused with \`JOB_BULK_CHANGED\`. Only jobs that can take the action count. The commands are in the log then, and each is decided on its own.`,
      body: bulkJobsBody,
      headers: manyHeaders,
      response: { 200: bulkDryRun, 202: jobsActedOn },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      authorize(CONTROL_JOBS, { caller });
      const { filter, action, reason, dry_run: isDryRun, token } = request.body;
      const { tenantId } = caller;
      const bound = { filter, action };
      if (isDryRun) {
        const { jobs, digest } = await jobsFor(readModel, tenantId, action, filter);
        const issued = await bulkTokens.issue(caller, bound, { digest, count: jobs.length });
        return reply.code(200).send({
          ...{ action, count: jobs.length, sample: jobs.slice(0, SAMPLE).map(jobSummaryOf) },
          ...{ token: issued.token, expires_at: issued.endsAt },
        });
      }
      const asked = token === undefined ? null : await bulkTokens.open(caller, bound, token);
      if (asked === null) throw tokenInvalid();
      const { identity, ...given } = manyRequest(request, caller, OPERATION);
      await sender.sendAll({
        ...{ tenantId, identity, ...given, count: asked.count },
        outcomes: ['JobRefused', 'JobCancelled', 'JobPaused', 'JobResumed', 'JobRetried'],
        make: async () => {
          const { jobs, digest } = await jobsFor(readModel, tenantId, action, filter);
          if (digest !== asked.digest) throw changed(jobs.length);
          return lazily(jobs, (job) => ({ command: commandOf(caller, action, reason, job), place: job.place }));
        },
      });
      applyPreference(request, reply);
      return reply
        .code(202)
        .header('location', listUrl(filter))
        .send({
          ...{ action, accepted: asked.count, status: 'pending' },
          ...{ command_id: identity.commandId, idempotency_key: identity.idempotencyKey },
        });
    },
  });
}

/** Route `POST /v1/jobs/bulk`. */
export const actOnJobsRoute: Route<Services> = {
  outcomes: ['JobRefused', 'JobCancelled', 'JobPaused', 'JobResumed', 'JobRetried'],
  follows: [],
  register,
};
