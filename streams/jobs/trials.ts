/** Waits of simulated jobs, and the answers of policy to their trials. */

import {
  CONTROL_JOBS,
  JOB_WAITS_MAX,
  type JobRecordedOutcome,
  SIMULATION_CONSTITUTION_CHANGED,
} from '../../schemas/contexts/jobs.ts';
import { denialDetail, refusalCode } from '../../schemas/contexts/policy/denial.ts';
import { policyRefusals } from '../../schemas/contexts/policy/refusals.ts';
import {
  type DecisionSummary,
  type JobEntry,
  type JobWait,
  jobSimulationDecided,
  jobWaiting,
  type RecordJobWait,
  signalJob,
} from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';
import type { Tools } from '../tables/tools.ts';
import { asksAgent } from './agent-runs.ts';
import { inTurn, type Step } from './in-turn.ts';
import { keep } from './journal.ts';
import { callIdOf, isSameEntry, jobOfCall, keyOfEntry } from './keys.ts';
import { startRun, wakeIfIdle } from './runs.ts';
import { diverged, givenUp, isStuck, START, tried } from './simulation.ts';
import { isHeld, isKept, isLive, type Job, type JobState, type OpenWait, type Output } from './state.ts';
import { asksTool } from './tool-calls.ts';
import { ended, failedWith } from './wait-ends.ts';
import { asksChild, asksModel } from './waits.ts';

type Answer = RecordOf<'TrialDecided' | 'TrialRefused'>;
type Refused = { readonly code: string; readonly detail: string };

/** Ends a wait as the record has it: with its result, and its times. */
const endedAsRecorded = (job: Job, jobId: string, wait: OpenWait, recorded: JobEntry): readonly Output[] =>
  keep(job, jobId, { ...recorded, ...keyOfEntry(wait), kind: wait.kind, generation: job.generation + 1 });

/**
 * Begins a wait of a simulated job. A sleep, and a signal that did not come in time, end at once as the record has them. On
 * everything else policy decides first.
 */
export function simulatedWaitBegun(
  job: Job,
  { jobId, wait }: RecordJobWait,
  timeMs: number,
  tools: Tools,
): readonly Output[] {
  if ([...job.waits, ...job.ended].some((known) => isSameEntry(known, wait))) return [];
  const begin: Step = ({ generation }) => [jobWaiting({ jobId, generation, wait, startedAt: timeMs })];
  const openOf = ({ waits }: Job) => waits.find((open) => isSameEntry(open, wait));
  const fail = (code: string, detail: string): Step => {
    return (before) => {
      const open = openOf(before);
      return open === undefined ? [] : ended(before, jobId, open, failedWith(code, detail), timeMs);
    };
  };
  if (job.waits.length >= JOB_WAITS_MAX)
    return inTurn(job, begin, fail('JOB_WAITS_FULL', `The job has ${JOB_WAITS_MAX} waits already.`));
  const { recorded } = wait;
  if (recorded !== null && needsNoDecision(wait, recorded))
    return inTurn(job, begin, (before) => {
      const open = openOf(before);
      return open === undefined ? [] : endedAsRecorded(before, jobId, open, recorded);
    });
  const asks = asked(jobId, wait, job, tools);
  if (asks === null) return inTurn(job, begin, fail('JOB_WAIT_INVALID', 'The wait is none that can be simulated.'));
  return inTurn(job, begin, asks);
}

const needsNoDecision = ({ kind }: JobWait, { outcome }: JobEntry): boolean =>
  kind === 'sleep' || kind === 'retry' || (kind === 'signal' && outcome === 'failed');

/** Returns the step that asks policy about a wait; null for one that is not valid. */
function asked(jobId: string, wait: JobWait, job: Job, tools: Tools): Step | null {
  switch (wait.kind) {
    case 'child':
      return triedFrom(asksChild(jobId, wait), jobId, wait);
    case 'model':
      return triedFrom(asksModel(jobId, wait), jobId, wait);
    case 'tool':
      return triedFrom(asksTool(jobId, wait, tools), jobId, wait);
    case 'agent': {
      const asks = asksAgent(jobId, wait, tools, job);
      return triedFrom(asks === null || 'code' in asks ? null : asks, jobId, wait);
    }
    case 'signal': {
      const { principal, credential, labels } = job.spec;
      const { signal: name, recorded } = wait;
      if (name === null) return null;
      // The record does not say who sent it: the capability that it took was there.
      const sent = { jobId, principal, capabilities: [CONTROL_JOBS], credential, labels, name };
      return (before) => [tried(before, jobId, wait, signalJob({ ...sent, payload: recorded?.output ?? 'null' }))];
    }
    default:
      return null;
  }
}

/** Returns the step that tries the commands of another one, instead of giving them. */
const triedFrom = (asks: Step | null, jobId: string, wait: JobWait): Step | null =>
  asks === null ? null : (job) => asks(job).map((command) => tried(job, jobId, wait, command));

/** Decides on the answer to a trial: of the start of a simulated job, or of something that it waits for. */
export function trialAnswered(state: JobState, answer: Answer, timeMs: number): readonly Output[] {
  const jobId = jobOfCall(answer.data.trialId);
  if (!isKept(state) || !state.spec.simulation) return [];
  return answer.data.trialId === callIdOf(jobId, START)
    ? startAnswered(state, jobId, answer)
    : waitAnswered(state, jobId, answer, timeMs);
}

/** Returns why a trial cannot count; null for a decision under the document that the job was forked with. */
function unusable({ spec: { simulation } }: Job, { type, data }: Answer): Refused | null {
  if (type === 'TrialRefused') return { code: data.code, detail: data.detail };
  const { constitutionDigest: digest, constitutionVersion: version } = data.decision;
  if (digest === '' || digest === simulation?.constitutionDigest) return null;
  const detail = `Constitution ${version} has another document than when the job was forked.`;
  return { code: SIMULATION_CONSTITUTION_CHANGED, detail };
}

/** Returns the refusal of a denied trial, with the code of a real one; null for one that allows. */
const refusalIn = (decision: DecisionSummary): Refused | null =>
  decision.outcome === 'deny' ? { code: refusalCode(decision), detail: denialDetail(decision) } : null;

function startAnswered(job: Job, jobId: string, answer: Answer): readonly Output[] {
  if (job.isTried || !isLive(job)) return [];
  const wrong = unusable(job, answer);
  if (wrong !== null) return givenUp(job, jobId, wrong.code, wrong.detail);
  if (answer.type === 'TrialRefused') return [];
  const { decision } = answer.data;
  const refused = refusalIn(decision);
  const event = jobSimulationDecided({
    ...{ jobId, generation: job.generation, ...START, kind: 'start', decision, recordedOutcome: 'allow' },
    ...{ code: refused?.code ?? null, detail: refused?.detail ?? null, isAnswered: true, differs: refused !== null },
  });
  if (refused !== null) return [event, ...givenUp(job, jobId, refused.code, refused.detail)];
  return inTurn(
    job,
    () => [event],
    (after) => (isHeld(after) || after.run !== 'ended' ? [] : startRun(after, jobId, 'start')),
  );
}

/** What ends a wait. */
type End = { readonly by: 'record'; readonly entry: JobEntry } | ({ readonly by: 'refusal' } & Refused);

function waitAnswered(job: Job, jobId: string, answer: Answer, timeMs: number): readonly Output[] {
  const wait = job.waits.find(({ awaits, isUnanswered = false }) => awaits === answer.data.trialId && !isUnanswered);
  if (wait === undefined) return [];
  const wrong = unusable(job, answer);
  if (wrong !== null)
    return isLive(job)
      ? givenUp(job, jobId, wrong.code, wrong.detail)
      : ended(job, jobId, wait, failedWith(wrong.code, wrong.detail), timeMs);
  if (answer.type === 'TrialRefused') return [];
  const { decision } = answer.data;
  const refused = refusalIn(decision);
  const recordedOutcome = recordedOf(wait);
  const end = endOf(wait, refused, recordedOutcome);
  const event = jobSimulationDecided({
    ...{ jobId, generation: job.generation, ...keyOfEntry(wait), kind: wait.kind, decision, recordedOutcome },
    ...{ code: refused?.code ?? null, detail: refused?.detail ?? null, isAnswered: end !== null },
    differs: recordedOutcome === 'none' ? refused !== null : recordedOutcome !== decision.outcome,
  });
  return inTurn(
    job,
    () => [event],
    (before) => (end === null ? [] : endedBy(before, jobId, wait, end, timeMs)),
    (after) => (after.status === 'waiting' && isStuck(after) ? diverged(after, jobId) : wakeIfIdle(after, jobId)),
  );
}

/** Returns what the record has of a request. */
function recordedOf({ recorded = null }: OpenWait): JobRecordedOutcome {
  if (recorded === null) return 'none';
  const isRefusal = policyRefusals.some((code) => code === recorded.code);
  return recorded.outcome === 'failed' && isRefusal ? 'deny' : 'allow';
}

/**
 * Returns what ends a wait after its trial; null for nothing: the record has no answer. A refused signal does not come, as it
 * would not for a job that runs.
 */
function endOf({ kind, name, until, recorded = null }: OpenWait, refused: Refused | null, had: JobRecordedOutcome) {
  if (refused === null)
    return recorded === null || had === 'deny' ? null : ({ by: 'record', entry: recorded } as const);
  if (kind !== 'signal') return { by: 'refusal', ...refused } as const;
  if (until === null) return null;
  return { by: 'refusal', code: 'SIGNAL_TIMEOUT', detail: `The signal ${name} did not come in time.` } as const;
}

function endedBy(job: Job, jobId: string, wait: OpenWait, end: End, timeMs: number): readonly Output[] {
  switch (end.by) {
    case 'record':
      return endedAsRecorded(job, jobId, wait, end.entry);
    case 'refusal':
      return ended(job, jobId, wait, failedWith(end.code, end.detail), timeMs);
    default:
      return assertNever(end);
  }
}
