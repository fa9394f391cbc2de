import { type JobRow, jobRows } from '../../../projections/jobs/queries/rows.ts';
import { CONTROL_JOBS } from '../../../schemas/contexts/jobs.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { REVIEW_RUNS, reviewSignal, WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import { type JobRefused, signalJob } from '../../../schemas/generated/records.ts';
import { askerOf } from '../../shared/auth/caller.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { findJob } from '../jobs/find.ts';
import { decideReviewBody, pendingRun, reviewDecidedBody, reviewFields } from './schemas.ts';
import { runUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'readModel' | 'jobs'>;
const { command } = declare<Needs>();

/** Resolves with a run. Rejects with Problem RESOURCE_UNKNOWN for any other job. */
export async function runOrUnknown(services: Needs, tenantId: string, runId: string): Promise<JobRow> {
  const job = await findJob(services, tenantId, runId);
  if (job === undefined || job.type !== WORKFLOW_RUN)
    throw new Problem('RESOURCE_UNKNOWN', `There is no run ${runId} of a workflow`);
  return job;
}

/** Route that decides on a review of a node. */
export const decideReviewRoute = command({
  operationId: 'decideWorkflowReview',
  tag: 'workflows',
  summary: 'Approve or reject the input of a node that waits for a review',
  description: `Requires \`${REVIEW_RUNS}\` and \`${CONTROL_JOBS}\`. Who started the run does not review it. An approval is of one node with one input.`,
  method: 'POST',
  url: '/v1/runs/:workflow_run_id/reviews/:review_id',
  takes: REVIEW_RUNS,
  params: reviewFields,
  body: decideReviewBody,
  appends: ['SignalJob'],
  subject: ({ params }) => params.workflow_run_id,
  place: async ({ tenantId, params, services }) =>
    (await services.readModel.row(tenantId, jobRows, params.workflow_run_id))?.place ?? null,
  location: ({ params }) => runUrl(params.workflow_run_id),
  pending: { ...pendingRun, of: ({ params }) => ({ run_id: params.workflow_run_id }) },
  command: async ({ caller, tenantId, params, body: { outcome, note, labels = [] }, services }) => {
    const { principal } = await runOrUnknown(services, tenantId, params.workflow_run_id);
    if (principal === caller.principal)
      throw new Problem('WORKFLOW_REVIEW_OWN', `${principal} has started the run: another principal reviews it`);
    return signalJob({
      ...{ ...askerOf(caller), labels, jobId: params.workflow_run_id, name: reviewSignal(params.review_id) },
      payload: JSON.stringify({ outcome, by: caller.principal, note }),
    });
  },
  problems: ['RESOURCE_UNKNOWN', 'WORKFLOW_REVIEW_OWN', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    JobRefused: {
      kind: 'refusal',
      problems: [
        ...policyRefusals,
        'RESOURCE_UNKNOWN',
        'JOB_ENDED',
        'JOB_BATCHED',
        'JOB_SIMULATED',
        'JOB_SIGNALS_FULL',
      ],
      problem: ({ jobId: run_id, code, detail, decision, shortfall }: JobRefused) =>
        commandProblem({ code, detail, decision, shortfall }, { run_id }),
    },
    JobSignalled: {
      status: 200,
      schema: reviewDecidedBody,
      answer: ({ jobId: run_id }, { params: { review_id }, body: { outcome } }) => ({ run_id, review_id, outcome }),
    },
  },
});
