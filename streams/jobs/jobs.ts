import {
  type EndJobRun,
  jobProgressed,
  type PolicyDecided,
  type RecordJobProgress,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, processor, type RecordOf } from '../kernel.ts';
import { type JobTypes, jobTypes } from '../tables/job-types.ts';
import { type Tools, tools as toolsTable } from '../tables/tools.ts';
import { agentEnded } from './agent-runs.ts';
import { batchedJobEnded } from './batch-members.ts';
import { batchJoined } from './batches.ts';
import { commanded, modelAsked } from './commands.ts';
import { cancelled, cancelledByParent, cancelledBySchedule, paused } from './controls.ts';
import { NAME, ORIGIN } from './ends.ts';
import { evolve } from './evolve.ts';
import { keep } from './journal.ts';
import { jobOfCall } from './keys.ts';
import { runEnded } from './runs.ts';
import { given, slotAnswered } from './slots.ts';
import { type At, childStarted, forked, scheduledStarted, started } from './starts.ts';
import { absent, isKept, type Job, type JobState, type Output } from './state.ts';
import { due, timeCame } from './timers.ts';
import { toolEnded } from './tool-calls.ts';
import { simulatedWaitBegun, trialAnswered } from './trials.ts';
import { childEnded, modelAnswered, waitBegun } from './waits.ts';

type Report = RecordOf<'RecordJobStep' | 'RecordJobWait' | 'RecordJobProgress' | 'EndJobRun'>;
type Answer = RecordOf<'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type Input =
  | RecordOf<
      | 'ToolCallHeld'
      | 'ToolCallWaiting'
      | 'ToolCallRevisionRefused'
      | 'ToolCallRequested'
      | 'ToolCallStarted'
      | 'ToolCallCompleted'
      | 'ToolCallRefused'
      | 'EndChildAgentRun'
      | 'CancelChildAgentRun'
    >
  | Report
  | Answer
  | RecordOf<'GrantJobSlot' | 'RefuseJobSlot' | 'SupersedeJob' | 'JoinJobBatch' | 'EndBatchedJob'>
  | RecordOf<'PolicyDecided' | 'CancelJob' | 'PauseJob' | 'WakeJob' | 'EndChildJob' | 'CancelChildJob'>
  | RecordOf<'CancelScheduledJob'>
  | RecordOf<'TrialDecided' | 'TrialRefused'>;

/** The tables that it follows. */
interface Tables {
  readonly types: JobTypes;
  readonly tools: Tools;
}

/**
 * Decides on one input: a decision of policy, a control, a report of a worker, a time that has come, the end of a child,
 * an answer of a model, to a trial, or to a request for a slot. Whatever ends or holds the job gives back its slot, and ends its batch. Repeats, and reports of an earlier run, emit nothing.
 */
export function decide(state: JobState, input: Input, at: At, tables: Tables): readonly Output[] {
  const outputs = answer(state, input, at, tables);
  return [...outputs, ...given(state, outputs, keyOf(input))];
}

function answer(state: JobState, input: Input, at: At, { types, tools }: Tables): readonly Output[] {
  const { timeMs } = at;
  switch (input.type) {
    case 'PolicyDecided':
      return decided(state, input.data, types, at);
    case 'CancelJob':
      return cancelled(state, input.data, at);
    case 'PauseJob':
      return paused(state, input.data, at);
    case 'WakeJob':
      return timeCame(state, input.data.jobId, input.data.dueAt);
    case 'EndChildJob':
      return isKept(state) ? childEnded(state, input.data, timeMs) : [];
    case 'GrantJobSlot':
    case 'RefuseJobSlot':
    case 'SupersedeJob':
      return slotAnswered(state, input);
    case 'JoinJobBatch':
      return batchJoined(state, input.data);
    case 'EndBatchedJob':
      return batchedJobEnded(state, input.data);
    case 'CancelChildJob':
      return cancelledByParent(state, input.data);
    case 'CancelScheduledJob':
      return cancelledBySchedule(state, input.data);
    case 'SlmCompleted':
    case 'SlmFailed':
    case 'SlmEmbedded':
      return isKept(state) ? modelAnswered(state, jobOfCall(input.data.subjectId), input, timeMs) : [];
    case 'TrialDecided':
    case 'TrialRefused':
      return trialAnswered(state, input, timeMs);
    case 'ToolCallCompleted':
    case 'ToolCallRefused':
      return isKept(state) ? toolEnded(state, input.data.runId ?? '', input, timeMs) : [];
    case 'EndChildAgentRun':
      return isKept(state) ? agentEnded(state, input.data, timeMs) : [];
    case 'ToolCallHeld':
    case 'ToolCallWaiting':
    case 'ToolCallRevisionRefused':
    case 'ToolCallRequested':
    case 'ToolCallStarted':
    case 'CancelChildAgentRun':
      return [];
    default:
      return isKept(state) && isCurrent(state, input.data) ? reported(state, input, timeMs, tools) : [];
  }
}

const isCurrent = ({ run, generation }: Job, report: Pick<EndJobRun, 'generation'>): boolean =>
  run !== 'ended' && report.generation === generation;

function decided(state: JobState, data: PolicyDecided, types: JobTypes, at: At): readonly Output[] {
  const { command } = data;
  switch (command.type) {
    case 'StartJob':
      return started(state, command.data, data, types, at);
    case 'ForkJob':
      return forked(state, command.data, data, types, at);
    case 'StartChildJob':
      return childStarted(state, command.data, data, types, at);
    case 'StartScheduledJob':
      return scheduledStarted(state, command.data, data, types, at);
    case 'AskJobModel':
    case 'AskJobEmbedding':
      return modelAsked(state, command, data, at);
    case 'ResumeJob':
    case 'RetryJob':
    case 'SignalJob':
      return commanded(state, command, data, at);
    default:
      return [];
  }
}

/** Decides on a report of the current run. */
function reported(job: Job, report: Report, timeMs: number, tools: Tools): readonly Output[] {
  switch (report.type) {
    case 'RecordJobStep':
      return keep(job, report.data.jobId, report.data.entry);
    case 'RecordJobWait':
      return (job.spec.simulation ? simulatedWaitBegun : waitBegun)(job, report.data, timeMs, tools);
    case 'RecordJobProgress':
      return [jobProgressed(boundedProgress(report.data))];
    case 'EndJobRun':
      return runEnded(job, report.data, timeMs);
    default:
      return assertNever(report);
  }
}

const boundedProgress = ({ percent, ...progress }: RecordJobProgress): RecordJobProgress => ({
  ...progress,
  percent: percent === null ? null : Math.min(Math.max(0, percent), 100),
});

/** Returns the job that a record is about; null for a record of another context. */
function keyOf(record: Input): string | null {
  switch (record.type) {
    case 'SlmCompleted':
    case 'SlmFailed':
    case 'SlmEmbedded':
      return record.data.origin === ORIGIN ? jobOfCall(record.data.subjectId) : null;
    case 'PolicyDecided':
      return jobOfCommand(record.data);
    // A trial of a user is a UUID.
    case 'TrialDecided':
    case 'TrialRefused':
      return record.data.trialId.includes('/') ? jobOfCall(record.data.trialId) : null;
    case 'ToolCallCompleted':
    case 'ToolCallRefused':
      return record.data.runId;
    case 'EndChildAgentRun':
      return record.data.runId;
    case 'ToolCallHeld':
    case 'ToolCallWaiting':
    case 'ToolCallRevisionRefused':
    case 'ToolCallRequested':
    case 'ToolCallStarted':
    case 'CancelChildAgentRun':
      return null;
    default:
      return record.data.jobId;
  }
}

function jobOfCommand({ command }: PolicyDecided): string | null {
  switch (command.type) {
    case 'StartJob':
    case 'ForkJob':
    case 'StartChildJob':
    case 'StartScheduledJob':
    case 'AskJobModel':
    case 'AskJobEmbedding':
    case 'ResumeJob':
    case 'RetryJob':
    case 'SignalJob':
      return command.data.jobId;
    default:
      return null;
  }
}

/**
 * Runs jobs: code whose finished steps are in a journal, so that no step runs twice. Workers run the code; this processor
 * decides when, and which run counts. One key, a job, has all of it in order.
 */
export const jobs = processor({
  name: NAME,
  inputs: [
    topics.policyDecisions,
    topics.jobsControls,
    topics.jobsReports,
    topics.jobsTimers,
    topics.jobsChildren,
    topics.schedulesCancels,
    topics.slmResponses,
    topics.jobsGrants,
    topics.policyTrialResults,
    topics.toolsCalls,
    topics.agentsChildren,
  ],
  outputs: [
    topics.jobsEvents,
    topics.jobsRequests,
    topics.slmRequests,
    topics.jobsEntries,
    topics.jobsWork,
    topics.jobsChildren,
    topics.jobsSlots,
    topics.schedulesEnds,
    topics.policySimulations,
    topics.toolsCommands,
    topics.agentsRequests,
    topics.agentsChildren,
  ],
  state: topics.jobsState,
  stateVersion: 3,
  initial: absent,
  finished: ({ status }) => status === 'absent',
  tables: { types: jobTypes, tools: toolsTable },
  key: keyOf,
  decide,
  evolve,
  timers: { topic: topics.jobsTimers, due },
  simulation: (state) => (isKept(state) ? (state.spec.simulation?.constitutionDigest ?? null) : null),
});
