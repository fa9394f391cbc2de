/** Waits of a handler: how they begin, and how they end. A result goes to the journal; a job that is idle then runs. */

import {
  JOB_BUDGET_PAUSE_MS,
  JOB_BUDGET_PAUSE_MS_MAX,
  JOB_WAITS_MAX,
  type JobEmbeddingAnswer,
  type JobModelAnswer,
} from '../../schemas/contexts/jobs.ts';
import { wireModeration } from '../../schemas/contexts/moderation/wire.ts';
import {
  askJobEmbedding,
  askJobModel,
  type EndChildJob,
  type JobWait,
  jobSuspended,
  jobWaiting,
  type RecordJobWait,
  startChildJob,
} from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';
import type { Tools } from '../tables/tools.ts';
import { asksAgent } from './agent-runs.ts';
import { stopRun } from './ends.ts';
import { inTurn, type Step } from './in-turn.ts';
import { callIdOf, childIdOf, isSameEntry, keyOfEntry } from './keys.ts';
import { embeddingRequestOf, modelRequestOf } from './model-request.ts';
import { isLive, type Job, type OpenWait, type Output } from './state.ts';
import { asksTool } from './tool-calls.ts';
import { ended, endedAndWoken, failedWith, type Result, succeeded, waitFor } from './wait-ends.ts';

/**
 * Begins a wait. One that is open already is not begun again: a later run asks for it with the time of that run. Nor is
 * one that has ended since that run began: the next run knows its result. One that cannot begin fails at once.
 */
export function waitBegun(job: Job, { jobId, wait }: RecordJobWait, timeMs: number, tools: Tools): readonly Output[] {
  if ([...job.waits, ...job.ended].some((known) => isSameEntry(known, wait))) return [];
  const begin: Step = ({ generation }) => [jobWaiting({ jobId, generation, wait, startedAt: timeMs })];
  const fail = (code: string, detail: string): Step => {
    return (before) =>
      before.waits
        .filter((open) => isSameEntry(open, wait))
        .flatMap((open) => ended(before, jobId, open, failedWith(code, detail), timeMs));
  };
  if (job.waits.length >= JOB_WAITS_MAX)
    return inTurn(job, begin, fail('JOB_WAITS_FULL', `The job has ${JOB_WAITS_MAX} waits already.`));
  switch (wait.kind) {
    case 'sleep':
    case 'retry':
      if (wait.until === null) return inTurn(job, begin, fail('JOB_WAIT_INVALID', 'The wait has no time.'));
      return begin(job);
    case 'signal': {
      const { signal } = wait;
      if (signal === null) return inTurn(job, begin, fail('JOB_WAIT_INVALID', 'The wait names no signal.'));
      return inTurn(job, begin, (before) => delivered(before, jobId, signal, timeMs));
    }
    case 'child':
      return inTurn(job, begin, asksChild(jobId, wait) ?? fail('JOB_WAIT_INVALID', 'The wait names no type or input.'));
    case 'model':
      return inTurn(
        job,
        begin,
        asksModel(jobId, wait) ?? fail('JOB_WAIT_INVALID', 'The request is not one to a model.'),
      );
    case 'tool':
      return inTurn(
        job,
        begin,
        asksTool(jobId, wait, tools) ?? fail('JOB_WAIT_INVALID', 'The wait names no tool or arguments.'),
      );
    case 'agent': {
      const asks = asksAgent(jobId, wait, tools, job) ?? {
        ...{ code: 'JOB_WAIT_INVALID', detail: 'The request is not one to an agent.' },
      };
      return inTurn(job, begin, 'code' in asks ? fail(asks.code, asks.detail) : asks);
    }
    default:
      return inTurn(job, begin, fail('JOB_WAIT_INVALID', `There are no waits of the kind ${wait.kind}.`));
  }
}

/** Returns the step that asks for a child; null for a wait that names none. */
export function asksChild(jobId: string, wait: JobWait): Step | null {
  const { childType: type, request: input } = wait;
  if (type === null || input === null) return null;
  const child = { jobId: childIdOf(jobId, wait), type, input, parentId: jobId, ...keyOfEntry(wait) };
  return ({ spec: { principal, capabilities, credential, labels, depth, lane } }) => [
    startChildJob({ ...child, principal, capabilities, credential, labels, lane, depth: depth + 1 }),
  ];
}

/** Returns the step that asks a model; null for a wait whose request is none. */
export function asksModel(jobId: string, wait: JobWait): Step | null {
  const request = modelRequestOf(wait.request);
  const embedding = request === null ? embeddingRequestOf(wait.request) : null;
  if (request === null && embedding === null) return null;
  const call = { callId: callIdOf(jobId, wait), jobId, ...keyOfEntry(wait) };
  return ({ spec: { principal, capabilities, credential, labels } }) => {
    const asked = { ...call, principal, capabilities, credential, labels };
    return [
      ...(request === null ? [] : [askJobModel({ ...asked, ...request })]),
      ...(embedding === null ? [] : [askJobEmbedding({ ...asked, ...embedding })]),
    ];
  };
}

/** Gives the oldest buffered signal of a name to the oldest wait for it; nothing when one of them is missing. */
export function delivered(job: Job, jobId: string, name: string, timeMs: number): readonly Output[] {
  const wait = waitFor(job, 'signal', name);
  const signal = job.signals.find((buffered) => buffered.name === name);
  return wait === undefined || signal === undefined ? [] : ended(job, jobId, wait, succeeded(signal.payload), timeMs);
}

/** Returns true for a wait that its time ends with a result. A `retry` ends with the next run. */
const endsAt = ({ kind, until }: OpenWait, timeMs: number): boolean =>
  (kind === 'sleep' || kind === 'signal') && until !== null && until <= timeMs;

/** Ends the waits whose time has come, in the order in which they began. */
export function dueEnded(job: Job, jobId: string, timeMs: number): readonly Output[] {
  const due = job.waits.filter((wait) => endsAt(wait, timeMs));
  const steps = due.map((wait): Step => {
    const detail = `The signal ${wait.awaits} did not come in time.`;
    const result = wait.kind === 'signal' ? failedWith('SIGNAL_TIMEOUT', detail) : succeeded(null);
    // At its own time: a later one may come first, when it was recorded after that time.
    return (before) => ended(before, jobId, wait, result, wait.until ?? timeMs);
  });
  return inTurn(job, ...steps);
}

/** Ends the wait for a child. An end that nothing waits for changes nothing. */
export function childEnded(job: Job, { jobId, childId, ...end }: EndChildJob, timeMs: number): readonly Output[] {
  const wait = waitFor(job, 'child', childId);
  const { outcome, output, code, detail } = end;
  return wait === undefined ? [] : endedAndWoken(job, jobId, wait, { outcome, output, code, detail }, timeMs);
}

interface Call {
  readonly jobId: string;
  readonly callId: string;
}

/** Refusals that end by themselves, or by a top-up of credit. */
const shortages: ReadonlySet<string> = new Set(['BUDGET_EXCEEDED', 'CREDIT_SPENT']);

/**
 * Ends the wait for a request to a model that policy has denied. One that no budget, or no credit, has room for now suspends the job for a
 * time: its run ends after the running steps, and the next one asks again.
 */
export function modelDenied(
  job: Job,
  { jobId, callId }: Call,
  { code, detail }: { readonly code: string; readonly detail: string },
  timeMs: number,
): readonly Output[] {
  if (!shortages.has(code) || !isLive(job)) return modelEnded(job, jobId, callId, failedWith(code, detail), timeMs);
  const { generation, shortfalls } = job;
  const pauseMs = Math.min(JOB_BUDGET_PAUSE_MS * 2 ** Math.min(shortfalls, 10), JOB_BUDGET_PAUSE_MS_MAX);
  return [
    jobSuspended({ jobId, generation, code, detail, resumeAt: timeMs + pauseMs, callId }),
    ...stopRun(job, jobId, 'finish_step'),
  ];
}

/** Ends the wait for a model with its answer. An answer that nothing waits for changes nothing. */
export function modelAnswered(
  job: Job,
  jobId: string,
  record: RecordOf<'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>,
  timeMs: number,
): readonly Output[] {
  const { requestId } = record.data;
  switch (record.type) {
    case 'SlmCompleted': {
      const { text, modelId, finishReason, tokensConsumed: tokens, cost } = record.data;
      const moderation = wireModeration(record.data.moderation);
      const answer: JobModelAnswer = {
        text,
        model: modelId,
        finish_reason: finishReason,
        tokens,
        ...(cost && { cost }),
        ...(moderation && { moderation }),
      };
      return modelEnded(job, jobId, requestId, succeeded(JSON.stringify(answer)), timeMs);
    }
    case 'SlmFailed':
      return modelEnded(job, jobId, requestId, failedWith(record.data.code, record.data.detail), timeMs);
    case 'SlmEmbedded': {
      const { vectors, modelId, tokensConsumed: tokens } = record.data;
      const answer: JobEmbeddingAnswer = { vectors: vectors.map(packed), model: modelId, tokens };
      return modelEnded(job, jobId, requestId, succeeded(JSON.stringify(answer)), timeMs);
    }
    default:
      return assertNever(record);
  }
}

/** Returns a vector as 32-bit floats, little-endian, in base64. */
function packed(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(4 * vector.length));
  for (const [at, value] of vector.entries()) bytes.setFloat32(4 * at, value, true);
  return Buffer.from(bytes.buffer).toString('base64');
}

function modelEnded(job: Job, jobId: string, callId: string, result: Result, timeMs: number): readonly Output[] {
  const wait = waitFor(job, 'model', callId);
  return wait === undefined ? [] : endedAndWoken(job, jobId, wait, result, timeMs);
}

/** Returns true while the handler waits for a request to a model. */
export const waitsForModel = (job: Job, callId: string): boolean => waitFor(job, 'model', callId) !== undefined;
