import type { JobAccepted } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, assertNever, type RecordOf } from '../kernel.ts';
import { emptyJournal, withEntry } from './journal.ts';
import { callIdOf, childIdOf, isSameEntry, keyOfEntry } from './keys.ts';
import { type ClosedJob, isKept, type Job, type JobEvent, type JobState, type OpenWait } from './state.ts';

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
    scheduleId: data.scheduleId,
  },
  ...{ nextRunAt: runAt, isWoken: false, ended: [], waits: [], signals: [], seenSignals: [], journal: emptyJournal },
});

const closed = ({ tenantId }: Job): ClosedJob => ({ status: 'closed', tenantId });

function evolveJob(job: Job, event: Exclude<JobEvent, RecordOf<'JobAccepted'>>): Job | ClosedJob {
  switch (event.type) {
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
      return { ...job, status: 'paused', run: job.run === 'ended' ? 'ended' : 'stopping' };
    case 'JobSuspended':
      return { ...job, status: 'suspended', run: 'ended' };
    case 'JobResumed':
      return { ...job, status: statusWithoutHold(job) };
    case 'JobRetried':
      return { ...job, status: 'waiting', failures: 0, losses: 0, nextRunAt: null };
    case 'JobFailed':
      return event.data.code === DEADLINE_CODE ? closed(job) : { ...job, status: 'failed', run: 'ended' };
    case 'JobDead':
      return { ...job, status: 'dead', run: 'ended' };
    case 'JobCompleted':
    case 'JobCancelled':
      return closed(job);
    case 'JobRefused':
    case 'JobProgressed':
      return job;
    default:
      return assertNever(event);
  }
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
      return { ...job, status: 'running', run: 'active', ...begun };
    }
    case 'JobRunEnded':
      return { ...job, run: 'ended', status: job.status === 'running' ? 'waiting' : job.status };
    case 'JobRunFailed': {
      const status = job.status === 'paused' ? 'paused' : 'scheduled';
      return { ...job, status, run: 'ended', failures: job.failures + 1, nextRunAt: event.data.nextRunAt };
    }
    default:
      return assertNever(event);
  }
}

/** A result ends the wait of its key, if there is one. */
function withResult(job: Job, event: RecordOf<'JobStepCompleted'>): Job {
  const wait = job.waits.find((open) => isSameEntry(open, event.data));
  const took = wait?.kind === 'signal' && event.data.outcome === 'completed';
  const woke = wait !== undefined && wait.kind !== 'retry';
  const taken = took ? job.signals.findIndex(({ name }) => name === wait.awaits) : -1;
  return {
    ...job,
    losses: 0,
    journal: withEntry(job.journal, event),
    waits: wait === undefined ? job.waits : job.waits.filter((open) => open !== wait),
    signals: taken === -1 ? job.signals : job.signals.filter((_, at) => at !== taken),
    isWoken: job.isWoken || woke,
    ended: woke && wait.generation < job.generation ? [...job.ended, keyOfEntry(wait)] : job.ended,
  };
}

function withWait(job: Job, { data }: RecordOf<'JobWaiting'>): Job {
  const { wait, startedAt, jobId, generation } = data;
  const open = job.waits.filter((other) => !isSameEntry(other, wait));
  const { kind, until } = wait;
  const awaits = awaitedBy(jobId, wait);
  const added: OpenWait = { ...keyOfEntry(wait), kind, until, awaits, startedAt, generation };
  return { ...job, losses: 0, waits: [...open, added] };
}

function awaitedBy(jobId: string, wait: RecordOf<'JobWaiting'>['data']['wait']): string | null {
  switch (wait.kind) {
    case 'signal':
      return wait.signal;
    case 'child':
      return childIdOf(jobId, wait);
    case 'model':
      return callIdOf(jobId, wait);
    default:
      return null;
  }
}
