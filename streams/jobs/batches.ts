/** Batches of starts: one job, the leader, runs the inputs of others, its members, with its own. Source: ADR 0024. */

import { namedIn } from '../../schemas/contexts/jobs/payload.ts';
import {
  type EndJobBatch,
  endJobBatch,
  type JobBatch,
  type JobBatchItem,
  type JoinJobBatch,
  jobBatchBegun,
  jobBatched,
} from '../../schemas/generated/records.ts';
import { uuidV5 } from '../../schemas/ids.ts';
import { isKept, isLive, type Job, type JobState, type Output } from './state.ts';

/** Namespace of the groups of batches. */
const GROUPS = 'd6a0c2fb-52a4-5a0a-8a6d-3f1f5a7d9b10';

/**
 * Returns true for a job whose start waits for a batch, or that has joined one. Another job may run its input: held, it would
 * be run a second time when it goes on.
 */
export const isBatched = ({ status, batch, spec }: Job): boolean =>
  batch?.is === 'member' || (batch === null && makesBatches(spec) && (status === 'scheduled' || status === 'queued'));

/** Returns why such a job takes no command but its cancellation. */
export const batchDetail = ({ batch }: Job): string =>
  batch?.is === 'member'
    ? `The job runs in the batch of ${batch.batchId}: only that one is paused, signalled or retried.`
    : 'The job waits for others to run with: it can only be cancelled.';

const makesBatches = ({ admission }: Job['spec']): boolean => (admission?.limits.batchMax ?? null) !== null;

/**
 * Returns what a job brings to a batch; null for one that runs alone, as with an input above 64 KiB, or leads a batch already. Starts of one group would
 * run in the same way: for the same principal with the same rights and labels, in the same lane, until the same time.
 */
export function itemOf({ spec, batch }: Job): JobBatchItem | null {
  if (batch?.is === 'leader' || !makesBatches(spec) || namedIn(spec.input) !== null) return null;
  const { principal, capabilities, credential, labels, lane, retry, deadline, version, queue, input } = spec;
  const asked = [principal, capabilities, credential, labels, lane, retry, deadline, version, queue];
  return { group: uuidV5(GROUPS, JSON.stringify(asked)), input };
}

/** Begins the batch that a job leads. */
export const batchBegun = (jobId: string, { input, members }: JobBatch): readonly Output[] => [
  jobBatchBegun({ jobId, input, members }),
];

/** Decides on the joining of a batch. A job that has ended meanwhile does not join; its input is run all the same. */
export const batchJoined = (state: JobState, { jobId, request, batchId, size }: JoinJobBatch): readonly Output[] =>
  isLive(state) && state.slot?.is === 'asked' && state.slot.request === request
    ? [jobBatched({ jobId, batchId, size })]
    : [];

/** Returns the end of a batch that never began: its members wait again. */
export const dissolved = (jobId: string, slotKey: string, { members }: JobBatch): readonly Output[] =>
  members.length === 0 ? [] : [endJobBatch({ slotKey, jobId, members, outcome: 'dissolved', ...NOTHING })];

const NOTHING = { output: null, code: null, detail: null } as const;

/** Returns the end of the batch of a leader that ends with these outputs, for its members; nothing for any other job. */
export function batchEnded(state: JobState, outputs: readonly Output[]): readonly Output[] {
  if (!isKept(state) || state.batch?.is !== 'leader' || state.batch.members.length === 0) return [];
  const { spec, batch } = state;
  return outputs.flatMap((output): readonly Output[] => {
    const end = endOf(output);
    if (end === null) return [];
    const { jobId, ...rest } = end;
    return [
      endJobBatch({ slotKey: spec.admission?.slotKey ?? '', jobId, members: batch.members, ...NOTHING, ...rest }),
    ];
  });
}

type End = Pick<EndJobBatch, 'jobId' | 'outcome'> & Partial<EndJobBatch>;

function endOf({ type, data }: Output): End | null {
  switch (type) {
    case 'JobCompleted':
      return { jobId: data.jobId, outcome: 'completed', output: data.output };
    case 'JobFailed':
      return { jobId: data.jobId, outcome: 'failed', code: data.code, detail: data.detail };
    case 'JobDead':
      return { jobId: data.jobId, outcome: 'dead', code: data.code, detail: data.detail };
    case 'JobCancelled':
      return { jobId: data.jobId, outcome: 'cancelled', code: 'JOB_CANCELLED', detail: data.reason };
    default:
      return null;
  }
}
