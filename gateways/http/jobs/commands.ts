import type { z } from 'zod';
import { jobRows } from '../../../projections/jobs/queries/rows.ts';
import { CONTROL_JOBS, JOB_CONTENT_BYTES_MAX, JOB_DELAY_MS_MAX } from '../../../schemas/contexts/jobs.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { reviewOfSignal } from '../../../schemas/contexts/workflows.ts';
import {
  cancelJob,
  forkJob,
  type JobRefused,
  pauseJob,
  resumeJob,
  retryJob,
  signalJob,
  startJob,
} from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { BODY_BYTES_MAX } from '../../shared/problems/from-error.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { forkSource, sameInput } from './fork-source.ts';
import { keptInputOf, payloadOf, typeOf } from './input.ts';
import { retryOf } from './retry.ts';
import {
  cancelJobBody,
  forkJobBody,
  jobChanged,
  jobFields,
  jobStartedBody,
  pauseJobBody,
  pendingJob,
  resumeJobBody,
  retryJobBody,
  signalFields,
  signalJobBody,
  startJobBody,
} from './schemas.ts';
import { signedConstitution, simulationOf } from './simulation.ts';
import { jobUrl, startedOf } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel' | 'jobs' | 'filePieces'>;
const { command } = declare<Needs>();

/** Returns who asks, for a command. */
export const askedBy = (caller: Caller, labels: readonly string[] = []) => ({ ...askerOf(caller), labels });

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ jobId: job_id, code, detail, decision, shortfall }: JobRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { job_id }),
});

const timeOf = (text: string | undefined): number | null => (text === undefined ? null : Date.parse(text));

/** Returns a time of a start, ms since 1970. Throws Problem REQUEST_INVALID more than ten years ahead. */
export function boundedTime(text: string | undefined, field: string): number | null {
  const ms = timeOf(text);
  if (ms === null || ms - Date.now() <= JOB_DELAY_MS_MAX) return ms;
  const detail = 'Expected a time within ten years';
  throw new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'body', pointer: `#/${field}`, detail }] });
}

/** Largest body of a start and of a fork: a whole input, and the other fields. */
const bodyBytesMax = JOB_CONTENT_BYTES_MAX + BODY_BYTES_MAX;

/** Route that starts a job. */
export const startJobRoute = command({
  operationId: 'startJob',
  tag: 'jobs',
  summary: 'Start a job',
  description:
    'Requires `jobs:start:<type>`, the lane `interactive` also `jobs:lane:interactive`, and an input above 64 KB also `files:create`: rules do not read it. Answers with the outcome in the log: 201 when the job was accepted, 403 when the policy denies it. A worker runs it then; `events_url` shows how, and `result_url` what came of it.',
  method: 'POST',
  url: '/v1/jobs/start',
  alias: { url: '/jobs/start', operationId: 'startJobAlias' },
  auth: 'any',
  body: startJobBody,
  bodyBytesMax,
  appends: ['StartJob'],
  command: async ({ caller, tenantId, body, identity, services }) => {
    const { type, input, lane, tags, labels, concurrency_key: concurrencyKey = null } = body;
    return startJob({
      ...{ ...askedBy(caller, labels), jobId: identity.subjectId, type, lane, concurrencyKey, tags },
      input: await keptInputOf({ tenantId, caller, services }, typeOf(services.tables, type), input),
      ...{ runAt: boundedTime(body.run_at, 'run_at'), deadline: boundedTime(body.deadline, 'deadline') },
      retry: retryOf(body.retry),
    });
  },
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => jobUrl(identity.subjectId),
  pending: { ...pendingJob, of: ({ identity }) => ({ job_id: identity.subjectId }) },
  problems: ['CAPABILITY_MISSING', 'JOB_INPUT_INVALID', 'JOB_INPUT_TOO_LARGE', 'JOB_TYPE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    JobRefused: refused(...policyRefusals, 'JOB_TYPE_UNKNOWN', 'JOB_INPUT_TOO_LARGE'),
    JobAccepted: { status: 201, schema: jobStartedBody, answer: startedOf },
  },
});

/** Route that forks a job. */
export const forkJobRoute = command({
  operationId: 'forkJob',
  tag: 'jobs',
  summary: 'Start a job from a step of another one',
  description:
    'Requires `jobs:start:<type>`, and for an input above 64 KB also `files:create`. The new job takes the results that the other one recorded before `from_step`, and runs everything else with the version of the handler that is registered now. The other job is not changed; it may run, or have ended in any way. Steps that run again have idempotency keys of their own. With `constitution` the new job is simulated, which takes `constitution:try` as well: nothing that it asks for happens. Policy decides on each request under that constitution, without budgets; the record of the other job answers, and a job that asks for what the record does not have fails with `SIMULATION_DIVERGED`. A fork of a simulated job is simulated.',
  method: 'POST',
  url: '/v1/jobs/:job_id/fork',
  auth: 'any',
  params: jobFields,
  body: forkJobBody,
  bodyBytesMax,
  appends: ['ForkJob'],
  command: async ({ caller, tenantId, params, body, identity, services }) => {
    const { from_step: step } = body;
    const asked = body.constitution === undefined ? null : signedConstitution(services, body.constitution);
    const source = { step, isSimulated: asked !== null };
    const { accepted, entries, recorded } = await forkSource(services, tenantId, params.job_id, source);
    const { type, concurrencyKey } = accepted;
    const labels = [...new Set([...accepted.labels, ...(body.labels ?? [])])];
    return forkJob({
      ...{ ...askedBy(caller, labels), jobId: identity.subjectId, type, concurrencyKey, entries },
      input:
        body.input === undefined
          ? await sameInput(services, tenantId, accepted)
          : await keptInputOf({ tenantId, caller, services }, typeOf(services.tables, type), body.input),
      ...{ lane: body.lane ?? accepted.lane, tags: body.tags ?? accepted.tags },
      forkedFrom: { jobId: params.job_id, ...(step ?? { path: '', name: '', nth: 0 }) },
      ...{ simulation: simulationOf(accepted, asked, recorded.length), recorded },
    });
  },
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => jobUrl(identity.subjectId),
  pending: { ...pendingJob, of: ({ identity }) => ({ job_id: identity.subjectId }) },
  problems: [
    ...(['CAPABILITY_MISSING', 'RESOURCE_UNKNOWN', 'JOB_STEP_UNKNOWN', 'JOB_FORK_TOO_LARGE'] as const),
    ...(['JOB_INPUT_INVALID', 'JOB_INPUT_TOO_LARGE', 'JOB_TYPE_UNKNOWN', 'LOG_UNAVAILABLE'] as const),
    ...(['READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND', 'CONSTITUTION_UNKNOWN'] as const),
  ],
  outcomes: {
    JobRefused: refused(
      ...policyRefusals,
      ...(['JOB_TYPE_UNKNOWN', 'JOB_INPUT_TOO_LARGE', 'JOB_FORK_TOO_LARGE', 'JOB_BATCHED'] as const),
    ),
    JobAccepted: { status: 201, schema: jobStartedBody, answer: startedOf },
  },
});

interface JobRequest {
  readonly params: { readonly job_id: string };
  readonly tenantId: string;
  readonly services: Needs;
}

/** Resolves with the place of a job: from the events that this process has read, else from the read model. */
async function placeOf({ params: { job_id: jobId }, tenantId, services }: JobRequest): Promise<string | null> {
  const [accepted] = services.jobs.whole(tenantId, jobId) ?? [];
  return accepted?.metadata['khipu_place'] ?? (await services.readModel.row(tenantId, jobRows, jobId))?.place ?? null;
}

/** What all commands to a job have in common. */
const toJob = {
  tag: 'jobs',
  method: 'POST',
  auth: 'any',
  takes: CONTROL_JOBS,
  place: placeOf,
  subject: ({ params }: JobRequest) => params.job_id,
  location: ({ params }: JobRequest) => jobUrl(params.job_id),
  pending: { ...pendingJob, of: ({ params }: JobRequest) => ({ job_id: params.job_id }) },
} as const;

/** Returns the outcome of a command that changed a job. */
const changed = <const Status extends z.output<typeof jobChanged>['status']>(status: Status) => ({
  status: 200 as const,
  schema: jobChanged,
  answer: ({ jobId }: { readonly jobId: string }) => ({ job_id: jobId, status }),
});

/** Route that cancels a job. */
export const cancelJobRoute = command({
  ...toJob,
  operationId: 'cancelJob',
  summary: 'Cancel a job and its children',
  description: 'It is not governed: it is possible while a kill switch stops new work. The job ends at once.',
  url: '/v1/jobs/:job_id/cancel',
  params: jobFields,
  body: cancelJobBody,
  appends: ['CancelJob'],
  command: ({ caller, params, body: { reason } }) =>
    cancelJob({ jobId: params.job_id, principal: caller.principal, reason }),
  outcomes: {
    JobRefused: refused('RESOURCE_UNKNOWN', 'JOB_ENDED'),
    JobCancelled: changed('cancelled'),
  },
});

/** Route that pauses a job. */
export const pauseJobRoute = command({
  ...toJob,
  operationId: 'pauseJob',
  summary: 'Pause a job: no further step begins until it is resumed',
  description: 'It is not governed: it is possible while a kill switch stops new work.',
  url: '/v1/jobs/:job_id/pause',
  params: jobFields,
  body: pauseJobBody,
  appends: ['PauseJob'],
  command: ({ caller, params, body: { reason, mode } }) =>
    pauseJob({ jobId: params.job_id, principal: caller.principal, reason, mode }),
  outcomes: {
    JobRefused: refused('RESOURCE_UNKNOWN', 'JOB_ENDED', 'JOB_BATCHED'),
    JobPaused: changed('paused'),
  },
});

/** Route that resumes a job. */
export const resumeJobRoute = command({
  ...toJob,
  operationId: 'resumeJob',
  summary: 'Resume a paused or suspended job',
  url: '/v1/jobs/:job_id/resume',
  params: jobFields,
  body: resumeJobBody,
  appends: ['ResumeJob'],
  command: ({ caller, params, body }) => resumeJob({ ...askedBy(caller, body.labels), jobId: params.job_id }),
  outcomes: {
    JobRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN', 'JOB_ENDED', 'JOB_NOT_SUSPENDED'),
    JobResumed: changed('resumed'),
  },
});

/** Route that retries a job. */
export const retryJobRoute = command({
  ...toJob,
  operationId: 'retryJob',
  summary: 'Retry a failed or dead job from its journal: finished steps are not run again',
  url: '/v1/jobs/:job_id/retry',
  params: jobFields,
  body: retryJobBody,
  appends: ['RetryJob'],
  command: ({ caller, params, body }) => retryJob({ ...askedBy(caller, body.labels), jobId: params.job_id }),
  outcomes: {
    JobRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN', 'JOB_NOT_RETRYABLE'),
    JobRetried: changed('retried'),
  },
});

/** Route that sends a signal to a job. */
export const signalJobRoute = command({
  ...toJob,
  operationId: 'signalJob',
  summary: 'Send a signal to a job',
  description: 'The signal waits until the handler asks for one of its name, at most 100 of a job.',
  url: '/v1/jobs/:job_id/signals/:signal',
  params: signalFields,
  body: signalJobBody,
  appends: ['SignalJob'],
  check: ({ params: { signal } }) => {
    if (reviewOfSignal(signal) === null) return;
    const detail = 'Decide on a review of a workflow by POST /v1/runs/{run_id}/reviews/{review_id}';
    throw new Problem('REQUEST_INVALID', detail, { errors: [{ in: 'path', pointer: '#/signal', detail }] });
  },
  command: ({ caller, params, body }) =>
    signalJob({
      ...{ ...askedBy(caller, body.labels), jobId: params.job_id, name: params.signal },
      payload: payloadOf(body.payload, 'payload'),
    }),
  problems: ['JOB_INPUT_TOO_LARGE'],
  outcomes: {
    JobRefused: refused(
      ...policyRefusals,
      'RESOURCE_UNKNOWN',
      'JOB_ENDED',
      'JOB_BATCHED',
      'JOB_SIMULATED',
      'JOB_SIGNALS_FULL',
      'JOB_INPUT_TOO_LARGE',
    ),
    JobSignalled: changed('signalled'),
  },
});
