/** Starts of jobs: by a user, with the results of another job, or by the handler of another job. */

import {
  JOB_ATTEMPTS_MAX,
  JOB_DELAY_MS_MAX,
  JOB_DEPTH_MAX,
  JOB_PAYLOAD_BYTES_MAX,
  JOB_RETRY_DELAY_MS_MAX,
  JOB_TAGS_MAX,
} from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { carriedLabels } from '../../schemas/contexts/policy/flow.ts';
import {
  type BudgetShortfall,
  type ForkJob,
  type JobAccepted,
  type JobAdmission,
  type JobRetry,
  type JobType,
  jobAccepted,
  jobRefused,
  type PolicyDecided,
  type StartChildJob,
  type StartJob,
  type StartScheduledJob,
} from '../../schemas/generated/records.ts';
import type { JobTypes } from '../tables/job-types.ts';
import { batchLineOf } from './admission/batch-lines.ts';
import { boundedLimits, oneByOne } from './admission/limits.ts';
import { endForParent, endForSchedule } from './children.ts';
import { acceptedJob } from './evolve.ts';
import { forkExcess, withTaken } from './fork.ts';
import { keepRecord } from './journal.ts';
import { startRun } from './runs.ts';
import { isLive, type JobState, type Output } from './state.ts';

type Decided = Pick<PolicyDecided, 'decision' | 'budget' | 'command' | 'flow'>;

/** Where and when a command was given. */
export interface At {
  readonly tenantId: string;
  /** Place of the job; null outside of places. */
  readonly place: string | null;
  readonly timeMs: number;
}

type Wanted = Omit<JobAccepted, 'version' | 'queue' | 'retry' | 'admission'> & { readonly retry: JobRetry | null };

/** Decides on the start of a job by a user. A job that exists is not started again. */
export function started(
  state: JobState,
  command: StartJob,
  decided: Decided,
  types: JobTypes,
  at: At,
): readonly Output[] {
  const { runAt, tags, ...given } = command;
  const { timeMs } = at;
  const latest = runAt === null ? null : Math.min(runAt, timeMs + JOB_DELAY_MS_MAX);
  return begun(state, decided, types, at, {
    ...{ ...given, tenantId: at.tenantId, tags: tags.slice(0, JOB_TAGS_MAX), parentId: null, depth: 0 },
    ...{ scheduleId: null, dueAt: null, forkedFrom: null, simulation: null },
    ...{ runAt: latest !== null && latest > timeMs ? latest : null, acceptedAt: timeMs },
    decisionId: decided.decision.decisionId,
  });
}

/** Decides on the fork of a job: a start with the results that the command carries. They are kept before the first run. */
export function forked(
  state: JobState,
  command: ForkJob,
  decided: Decided,
  types: JobTypes,
  at: At,
): readonly Output[] {
  const { entries, recorded, tags, ...given } = command;
  const wanted: Wanted = {
    ...{ ...given, tenantId: at.tenantId, tags: tags.slice(0, JOB_TAGS_MAX), parentId: null, depth: 0 },
    ...{ runAt: null, deadline: null, retry: null, acceptedAt: at.timeMs, decisionId: decided.decision.decisionId },
    ...{ scheduleId: null, dueAt: null },
  };
  return begun(state, decided, types, at, wanted, { entries, recorded });
}

/** Decides on the start of a job by the handler of another one, which learns of a refusal. */
export function childStarted(
  state: JobState,
  command: StartChildJob,
  decided: Decided,
  types: JobTypes,
  at: At,
): readonly Output[] {
  const { path: _, name: __, nth: ___, ...given } = command;
  return begun(state, decided, types, at, {
    ...{ ...given, tenantId: at.tenantId, tags: [], runAt: null, deadline: null },
    ...{ scheduleId: null, dueAt: null, forkedFrom: null, simulation: null },
    ...{ concurrencyKey: null, retry: null, acceptedAt: at.timeMs, decisionId: decided.decision.decisionId },
  });
}

/** Decides on the start of a job by a schedule, which learns of a refusal, and of a job that has ended before. */
export function scheduledStarted(
  state: JobState,
  command: StartScheduledJob,
  decided: Decided,
  types: JobTypes,
  at: At,
): readonly Output[] {
  const { tags, ...given } = command;
  const isOver = state.status !== 'absent' && !isLive(state) && state.tenantId === at.tenantId;
  if (isOver && decided.decision.outcome !== 'deny')
    return endForSchedule(given.scheduleId, given.jobId, { outcome: 'ended', code: null });
  return begun(state, decided, types, at, {
    ...{ ...given, tenantId: at.tenantId, tags: tags.slice(0, JOB_TAGS_MAX), parentId: null, depth: 0 },
    ...{ runAt: null, acceptedAt: at.timeMs, decisionId: decided.decision.decisionId, forkedFrom: null },
    simulation: null,
  });
}

function begun(
  state: JobState,
  decided: Decided,
  types: JobTypes,
  { tenantId, place }: At,
  wanted: Wanted,
  { entries, recorded }: Taken = { entries: [], recorded: [] },
): readonly Output[] {
  const { jobId, principal } = wanted;
  const { decision } = decided;
  const refuse = ({ code, detail, shortfall = null }: Refusal): readonly Output[] => [
    jobRefused({ jobId, principal, code, detail, decision, shortfall }),
    ...endForParent({ ...wanted, scheduleId: null }, jobId, { outcome: 'failed', output: null, code, detail }),
    ...endForSchedule(wanted.scheduleId, jobId, { outcome: 'refused', code }),
  ];
  if (decision.outcome === 'deny') return refuse(refusalOf(decided));
  if (state.status !== 'absent')
    return state.tenantId === tenantId ? [] : refuse({ code: 'RESOURCE_UNKNOWN', detail: 'No job of this id exists.' });
  const type = types.get(wanted.type);
  if (type === undefined)
    return refuse({ code: 'JOB_TYPE_UNKNOWN', detail: `No worker has registered the type ${wanted.type}.` });
  if (wanted.forkedFrom !== null && (type.limits?.batchMax ?? null) !== null)
    return refuse({
      code: 'JOB_BATCHED',
      detail: 'Its type runs starts in batches: start it again, it cannot be forked.',
    });
  const excess = excessOf(wanted) ?? forkExcess([...entries, ...recorded]);
  if (excess !== null) return refuse(excess);
  const { version, queue } = type;
  const record = keepRecord(jobId, wanted.simulation === null ? [] : recorded);
  const labels = carriedLabels(wanted.labels, { labels: [], flow: decided.flow });
  const data: JobAccepted = { ...wanted, labels, version, queue, ...runningAs(type, wanted, place, record.pages) };
  const { job, outputs } = withTaken(acceptedJob(data), jobId, entries);
  const accepted = [jobAccepted(data), ...outputs, ...record.outputs];
  return wanted.runAt === null ? [...accepted, ...startRun(job, jobId, 'start')] : accepted;
}

/**
 * Returns how a job is admitted and repeated. A simulated one takes no slot, so that no job of its key waits or ends for it,
 * and runs once: a repeat would find the same.
 */
function runningAs(
  type: JobType,
  wanted: Wanted,
  place: string | null,
  pages: number,
): Pick<JobAccepted, 'retry' | 'admission' | 'simulation'> {
  const { simulation } = wanted;
  if (simulation !== null) return { retry: ONCE, admission: null, simulation: { ...simulation, pages } };
  return { retry: boundedRetry(wanted.retry ?? type.retry), admission: admissionOf(type, wanted, place), simulation };
}

const ONCE: JobRetry = { attemptsMax: 1, firstDelayMs: 0, delayMaxMs: 0 };

/** What a fork takes of the record: results of its journal, and those that answer a simulated job. */
type Taken = Pick<ForkJob, 'entries' | 'recorded'>;

interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly shortfall?: BudgetShortfall | null;
}

/** Returns the limit that an allowed job exceeds; null when it exceeds none. */
function excessOf({ input, depth }: Wanted): Refusal | null {
  const bytes = Buffer.byteLength(input);
  if (bytes > JOB_PAYLOAD_BYTES_MAX)
    return {
      code: 'JOB_INPUT_TOO_LARGE',
      detail: `The input has ${bytes} bytes; ${JOB_PAYLOAD_BYTES_MAX} are allowed.`,
    };
  if (depth > JOB_DEPTH_MAX)
    return { code: 'JOB_DEPTH', detail: `${depth} jobs would wait for each other; ${JOB_DEPTH_MAX} are allowed.` };
  return null;
}

/**
 * Returns the slot that a job needs to run; null when neither its type, nor its start, nor its lane sets a limit. Batch work
 * without limits waits in lines of its tenant: what waits is state of the platform, and not records before those of others.
 */
function admissionOf(
  { limits, queue }: JobType,
  { jobId, tenantId, type, concurrencyKey, lane }: Wanted,
  place: string | null,
): JobAdmission | null {
  if (limits === null && concurrencyKey === null)
    return lane === 'batch' ? batchLineOf({ jobId, tenantId, queue, place }) : null;
  return { slotKey: `${tenantId}/${type}/${concurrencyKey ?? type}`, limits: boundedLimits(limits ?? oneByOne) };
}

const between = (low: number, value: number, high: number): number => Math.min(Math.max(low, value), high);

const boundedRetry = ({ attemptsMax, firstDelayMs, delayMaxMs }: JobRetry): JobRetry => ({
  attemptsMax: between(1, attemptsMax, JOB_ATTEMPTS_MAX),
  firstDelayMs: between(0, firstDelayMs, JOB_RETRY_DELAY_MS_MAX),
  delayMaxMs: between(0, delayMaxMs, JOB_RETRY_DELAY_MS_MAX),
});
