import type { JobAccepted } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, assertNever, type RecordOf } from '../kernel.ts';
import { emptyJournal, withEntry } from './journal.ts';
import { callIdOf, childIdOf, isSameEntry, keyOfEntry } from './keys.ts';
import {
  type ClosedJob,
  isHeld,
  isKept,
  type Job,
  type JobEvent,
  type JobSpec,
  type JobState,
  type OpenWait,
} from './state.ts';

/** Number of remembered signals. A client repeats a request within minutes, and 64 signals of one job take longer. */
export const SEEN_SIGNALS_MAX = 64;

/** Code of a job that its deadline ended: no retry can succeed. */
export const DEADLINE_CODE = 'JOB_DEADLINE';

const isJobEvent = (record: AnyRecord): record is JobEvent => Object.hasOwn(topics.jobsEvents.records, record.type);

/** Folds one output into the state of its job; effects change nothing. Total over every order of events. */
export function evolve(state: JobState, record: AnyRecord): JobState {
  if (!isJobEvent(record)) return state;
  if (record.type === 'JobAccepted') return state.status === 'absent' ? acceptedJob(record.data) : state;
  return isKept(state) ? evolveJob(state, record) : state;
}

/** Returns a job that was accepted and has not run. */
export const acceptedJob = ({ jobId: _, tenantId, runAt, ...data }: JobAccepted): Job => ({
  ...{ status: 'scheduled', tenantId, generation: 0, run: 'ended', failures: 0, losses: 0 },
  spec: {
    ...{ principal: data.principal, capabilities: data.capabilities, credential: data.credential, labels: data.labels },
    ...{ type: data.type, version: data.version, queue: data.queue, input: data.input, retry: data.retry },
    ...{ deadline: data.deadline, parentId: data.parentId, depth: data.depth, acceptedAt: data.acceptedAt },
    ...{ lane: data.lane, admission: data.admission, scheduleId: data.scheduleId, simulation: data.simulation },
  },
  slot: data.admission === null ? null : { is: 'free', request: 0, reason: 'start' },
  batch: null,
  ...{ nextRunAt: runAt, resumeAt: null, shortfalls: 0, isWoken: false, ended: [], waits: [], signals: [] },
  ...{ seenSignals: [], journal: emptyJournal },
});

/** Gives back the slot of a job that has one, or waits for one. */
const withoutSlot = <J extends Job>(job: J): J =>
  job.slot === null || job.slot.is === 'free' ? job : { ...job, slot: { ...job.slot, is: 'free' } };

const closed = ({ tenantId }: Job): ClosedJob => ({ status: 'closed', tenantId });

function evolveJob(job: Job, event: Exclude<JobEvent, RecordOf<'JobAccepted'>>): Job | ClosedJob {
  switch (event.type) {
    case 'JobQueued': {
      const { request, reason } = event.data;
      if (job.slot === null) return job;
      return { ...job, status: 'queued', nextRunAt: null, slot: { is: 'asked', request, reason } };
    }
    case 'JobBatchBegun': {
      const { input, members } = event.data;
      return { ...job, spec: { ...job.spec, input }, batch: { is: 'leader', members } };
    }
    case 'JobBatched':
      return withoutSlot({ ...job, status: 'batched', batch: { is: 'member', batchId: event.data.batchId } });
    case 'JobBatchLeft':
      return { ...job, status: 'waiting', batch: null };
    case 'JobRunStarted':
    case 'JobRunEnded':
    case 'JobRunFailed':
      return withRun(job, event);
    case 'JobStepCompleted':
      return withResult(job, event);
    case 'JobStepAttempted':
      return { ...job, losses: 0, journal: withEntry(job.journal, event) };
    case 'JobWaiting':
      return withWait(job, event);
    case 'JobSignalled': {
      const { name, payload, decisionId } = event.data;
      const seenSignals = [...job.seenSignals, decisionId].slice(-SEEN_SIGNALS_MAX);
      return { ...job, signals: [...job.signals, { name, payload }], seenSignals };
    }
    case 'JobPaused':
      // A run that has not ended keeps the slot until it has: no other job of the key runs beside it.
      if (job.run === 'ended') return withoutSlot({ ...job, status: 'paused' });
      return { ...job, status: 'paused', run: 'stopping' };
    case 'JobSuspended':
      return suspended(job, event);
    case 'JobResumed':
      return { ...job, status: statusWithoutHold(job), resumeAt: null };
    case 'JobRetried':
      return { ...job, status: 'waiting', failures: 0, losses: 0, nextRunAt: null };
    case 'JobFailed':
      return event.data.code === DEADLINE_CODE ? closed(job) : withoutSlot({ ...job, status: 'failed', run: 'ended' });
    case 'JobDead':
      return withoutSlot({ ...job, status: 'dead', run: 'ended' });
    case 'JobCompleted':
    case 'JobCancelled':
      return closed(job);
    case 'JobSimulationDecided':
      return withTrial(job, event);
    case 'JobRefused':
    case 'JobProgressed':
      return job;
    default:
      return assertNever(event);
  }
}

/**
 * A job that wants budget goes on by itself, and its run, if there is one, ends on its own and keeps the slot until then; any
 * other has no run any more.
 */
function suspended(job: Job, { data: { callId, resumeAt } }: RecordOf<'JobSuspended'>): Job {
  const held: Job = { ...job, status: 'suspended', resumeAt };
  if (callId === null) return withoutSlot({ ...held, run: 'ended' });
  const waits = job.waits.filter(({ awaits }) => awaits !== callId);
  const wanting = { ...held, waits, shortfalls: job.shortfalls + 1 };
  return job.run === 'ended' ? withoutSlot(wanting) : { ...wanting, run: 'stopping' };
}

function statusWithoutHold({ run, nextRunAt }: Job): Job['status'] {
  if (run !== 'ended') return 'running';
  return nextRunAt === null ? 'waiting' : 'scheduled';
}

function withRun(job: Job, event: RecordOf<'JobRunStarted' | 'JobRunEnded' | 'JobRunFailed'>): Job {
  switch (event.type) {
    case 'JobRunStarted': {
      const { generation, reason } = event.data;
      const losses = reason === 'takeover' ? job.losses + 1 : 0;
      // The new run decides again when to repeat a step that has failed.
      const waits = job.waits.filter(({ kind }) => kind !== 'retry');
      const begun = { generation, losses, nextRunAt: null, isWoken: false, ended: [], waits };
      const slot: Job['slot'] = job.slot?.is === 'asked' ? { ...job.slot, is: 'held' } : job.slot;
      return { ...job, status: 'running', run: 'active', slot, ...begun };
    }
    case 'JobRunEnded':
      return ended({ ...job, status: job.status === 'running' ? 'waiting' : job.status });
    case 'JobRunFailed': {
      const status = isHeld(job) ? job.status : 'scheduled';
      return ended({ ...job, status, failures: job.failures + 1, nextRunAt: event.data.nextRunAt });
    }
    default:
      return assertNever(event);
  }
}

/** Ends the run of a job: one that is held meanwhile gives back its slot, as does one whose slot belonged to the run. */
function ended(job: Job): Job {
  const isOfRun = job.spec.admission?.limits.isPerRun ?? false;
  return isHeld(job) || isOfRun ? withoutSlot({ ...job, run: 'ended' }) : { ...job, run: 'ended' };
}

/** A result ends the wait of its key, if there is one. */
function withResult(job: Job, event: RecordOf<'JobStepCompleted'>): Job {
  const wait = job.waits.find((open) => isSameEntry(open, event.data));
  const took = wait?.kind === 'signal' && event.data.outcome === 'completed';
  const woke = wait !== undefined && wait.kind !== 'retry';
  const taken = took ? job.signals.findIndex(({ name }) => name === wait.awaits) : -1;
  return {
    ...job,
    spec: withLabels(job.spec, event.data.labels),
    losses: 0,
    shortfalls: wait?.kind === 'model' ? 0 : job.shortfalls,
    journal: withEntry(job.journal, event),
    waits: wait === undefined ? job.waits : job.waits.filter((open) => open !== wait),
    signals: taken === -1 ? job.signals : job.signals.filter((_, at) => at !== taken),
    isWoken: job.isWoken || woke,
    ended: woke && wait.generation < job.generation ? [...job.ended, keyOfEntry(wait)] : job.ended,
  };
}

/** Adds the labels of what a job was given: all that it asks for afterwards carries them. */
function withLabels(spec: JobSpec, labels: readonly string[]): JobSpec {
  const added = labels.filter((label) => !spec.labels.includes(label));
  return added.length === 0 ? spec : { ...spec, labels: [...spec.labels, ...new Set(added)] };
}

/** A trial lets a simulated job begin, or leaves a request without an answer. */
function withTrial(job: Job, { data }: RecordOf<'JobSimulationDecided'>): Job {
  if (data.kind === 'start') return data.decision.outcome === 'allow' ? { ...job, isTried: true } : job;
  if (data.isAnswered || !job.waits.some((wait) => isSameEntry(wait, data))) return job;
  const waits = job.waits.map((wait) => (isSameEntry(wait, data) ? { ...wait, isUnanswered: true } : wait));
  return { ...job, waits };
}

function withWait(job: Job, { data }: RecordOf<'JobWaiting'>): Job {
  const { wait, startedAt, jobId, generation } = data;
  const open = job.waits.filter((other) => !isSameEntry(other, wait));
  const { kind, until } = wait;
  const awaits = job.spec.simulation ? callIdOf(jobId, wait) : awaitedBy(jobId, wait);
  const simulated = job.spec.simulation ? { recorded: wait.recorded } : {};
  const added: OpenWait = { ...keyOfEntry(wait), kind, until, awaits, startedAt, generation, ...simulated };
  return { ...job, losses: 0, waits: [...open, added] };
}

function awaitedBy(jobId: string, wait: RecordOf<'JobWaiting'>['data']['wait']): string | null {
  switch (wait.kind) {
    case 'signal':
      return wait.signal;
    case 'child':
    case 'tool':
    case 'agent':
      return childIdOf(jobId, wait);
    case 'model':
      return callIdOf(jobId, wait);
    default:
      return null;
  }
}
