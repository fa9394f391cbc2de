/** Sample records of one job, for tests: valid, small, and different only where a test says so. */
import {
  type EndJobRun,
  endJobRun,
  type JobAccepted,
  type JobEntry,
  type JobSuspended,
  type JobType,
  type JobWait,
  jobAccepted,
  jobRunStarted,
  jobStepCompleted,
  jobSuspended,
  jobType,
  type RunJob,
  recordJobStep,
  recordJobWait,
  runJob,
  type StartJob,
  startJob,
} from '../../schemas/generated/records.ts';
import type { RecordOf } from '../kernel.ts';
import { decisionOn } from '../testing.ts';

export const JOB = '11111111-1111-4111-8111-111111111111';
/** Time at which the in-memory driver begins. */
export const START_MS = Date.UTC(2026, 0, 1);

export const retry = { attemptsMax: 3, firstDelayMs: 1_000, delayMaxMs: 60_000 };

/** Returns the registration of the type `report`. */
export const aType = (changes: Partial<JobType> = {}): RecordOf<'JobType'> =>
  jobType({
    ...{ type: 'report', version: 2, queue: 'default', title: 'A report', inputSchema: '{}', outputSchema: '{}' },
    ...{ retry, registeredAt: 1, limits: null, ...changes },
  });

export const aStart = (changes: Partial<StartJob> = {}): RecordOf<'StartJob'> =>
  startJob({
    ...{ jobId: JOB, principal: 'key-1', capabilities: ['*'], credential: null, type: 'report', input: '{"of":"may"}' },
    ...{ runAt: null, deadline: null, lane: 'standard', concurrencyKey: null, retry: null, tags: [], labels: [] },
    ...changes,
  });

/** Returns the event of the accepted start. */
export const accepted = (changes: Partial<JobAccepted> = {}): RecordOf<'JobAccepted'> =>
  jobAccepted({
    ...{ ...aStart().data, tenantId: 'demo', version: 2, queue: 'default', retry, parentId: null, depth: 0 },
    ...{ forkedFrom: null, admission: null, scheduleId: null, dueAt: null, acceptedAt: START_MS },
    simulation: null,
    ...{ decisionId: decisionOn(aStart()).data.decision.decisionId, ...changes },
  });

/** Returns the event of a run. */
export const ran = (generation: number, reason = 'start', attempt = 1): RecordOf<'JobRunStarted'> =>
  jobRunStarted({ jobId: JOB, generation, attempt, reason });

/** Returns the work of a run. */
export const work = (generation: number, changes: Partial<RunJob> = {}): RecordOf<'RunJob'> =>
  runJob({
    ...{ jobId: JOB, generation, type: 'report', version: 2, queue: 'default', input: '{"of":"may"}' },
    ...{ principal: 'key-1', pages: 0, attempt: 1, deadline: null, acceptedAt: START_MS, lane: 'standard' },
    ...{ isBatch: false, simulation: null, ...changes },
  });

/** Returns an entry of the first run; of a wait of that run, which the second one is the first to know. */
export const anEntry = (name: string, changes: Partial<JobEntry> = {}): JobEntry => ({
  ...{ path: '', name, nth: 1, kind: 'step', outcome: 'completed', output: '1', code: null, detail: null },
  ...{ generation: (changes.kind ?? 'step') === 'step' ? 1 : 2 },
  ...{ attempts: 1, startedAt: START_MS, endedAt: START_MS, ...changes },
});

export const aWait = (kind: string, changes: Partial<JobWait> = {}): JobWait => ({
  ...{
    path: '',
    name: kind,
    nth: 1,
    kind,
    until: null,
    signal: null,
    childType: null,
    request: null,
    recorded: null,
    ...changes,
  },
});

/** Returns the event of a job that does not run until it is resumed. */
export const aSuspension = (
  generation: number,
  { code, detail, resumeAt = null, callId = null }: Pick<JobSuspended, 'code' | 'detail'> & Partial<JobSuspended>,
): RecordOf<'JobSuspended'> => jobSuspended({ jobId: JOB, generation, code, detail, resumeAt, callId });

/* Reports of a run. */
export const stepOf = (generation: number, entry: JobEntry) => recordJobStep({ jobId: JOB, generation, entry });
export const waitOf = (generation: number, wait: JobWait) => recordJobWait({ jobId: JOB, generation, wait });
export const endOf = (generation: number, outcome: string, changes: Partial<EndJobRun> = {}) =>
  endJobRun({
    ...{ jobId: JOB, generation, outcome, output: null, code: null, detail: null, retryable: true, ...changes },
  });

/** Returns the event of an entry whose result has so many bytes. */
export const completedStep = (
  generation: number,
  { path, name, nth, kind, outcome, code, detail, attempts, startedAt, endedAt }: JobEntry,
  outputBytes: number,
): RecordOf<'JobStepCompleted'> =>
  jobStepCompleted({
    ...{ jobId: JOB, generation, path, name, nth, kind, outcome, code, detail, attempts, outputBytes },
    ...{ startedAt, endedAt, labels: [] },
  });
