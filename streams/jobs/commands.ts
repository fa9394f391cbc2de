/** Governed commands to a job that exists, and requests of its handler to a model. */

import { JOB_PAYLOAD_BYTES_MAX, JOB_SIGNALS_BYTES_MAX, JOB_SIGNALS_MAX } from '../../schemas/contexts/jobs.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { noTools, textMessage } from '../../schemas/contexts/slm/messages.ts';
import { PROGRAM_TEMPERATURE } from '../../schemas/contexts/slm/models.ts';
import { boundedMaxTokens } from '../../schemas/contexts/slm/token-bounds.ts';
import {
  type AskJobEmbedding,
  type AskJobModel,
  type BudgetShortfall,
  jobRefused,
  jobResumed,
  jobRetried,
  jobSignalled,
  type PolicyDecided,
  type SignalJob,
  slmEmbeddingRequested,
  slmRequested,
} from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import { assertNever, type RecordOf } from '../kernel.ts';
import { batchDetail, isBatched } from './batches.ts';
import { ORIGIN } from './ends.ts';
import { inTurn, type Step } from './in-turn.ts';
import { goesOn, startRun, wakeIfIdle } from './runs.ts';
import type { At } from './starts.ts';
import { isHeld, isKept, isLive, type Job, type JobState, type Output } from './state.ts';
import { delivered, modelDenied, waitsForModel } from './waits.ts';

type Decided = Pick<PolicyDecided, 'decision' | 'budget' | 'command'>;
type Command = RecordOf<'ResumeJob' | 'RetryJob' | 'SignalJob'>;

/** Decides on a command to a job. A job of another tenant does not exist. */
export function commanded(state: JobState, command: Command, decided: Decided, at: At): readonly Output[] {
  const { jobId, principal } = command.data;
  const { decision } = decided;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly Output[] => [
    jobRefused({ jobId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const { code, detail, shortfall } = refusalOf(decided);
    return refuse(code, detail, shortfall);
  }
  if (state.status === 'absent' || state.tenantId !== at.tenantId)
    return refuse('RESOURCE_UNKNOWN', 'No job of this id exists.');
  switch (command.type) {
    case 'ResumeJob': {
      if (!isLive(state)) return refuse('JOB_ENDED', 'The job has ended.');
      if (!isHeld(state)) return refuse('JOB_NOT_SUSPENDED', 'The job is neither paused nor suspended.');
      return inTurn(state, () => [jobResumed({ jobId, resumedBy: principal })], goesOn(jobId, at.timeMs));
    }
    case 'RetryJob': {
      if (!isKept(state) || isLive(state)) return refuse('JOB_NOT_RETRYABLE', 'Only a job that has failed is retried.');
      if (state.batch?.is === 'member') return refuse('JOB_NOT_RETRYABLE', batchDetail(state));
      const { deadline } = state.spec;
      if (deadline !== null && deadline <= at.timeMs) return refuse('JOB_NOT_RETRYABLE', 'Its deadline has passed.');
      const begin: Step = (job) => startRun(job, jobId, 'retry');
      return inTurn(state, () => [jobRetried({ jobId, retriedBy: principal })], begin);
    }
    case 'SignalJob': {
      if (!isLive(state)) return refuse('JOB_ENDED', 'The job has ended.');
      if (state.seenSignals.includes(decision.decisionId)) return [];
      if (isBatched(state)) return refuse('JOB_BATCHED', batchDetail(state));
      if (state.spec.simulation)
        return refuse('JOB_SIMULATED', 'The job is simulated: its signals are those of the record.');
      const bytes = Buffer.byteLength(command.data.payload);
      if (bytes > JOB_PAYLOAD_BYTES_MAX)
        return refuse('JOB_INPUT_TOO_LARGE', `The payload has ${bytes} bytes; ${JOB_PAYLOAD_BYTES_MAX} are allowed.`);
      if (isFull(state, bytes))
        return refuse('JOB_SIGNALS_FULL', `${state.signals.length} signals wait already; send it again later.`);
      return signalled(state, command.data, decision.decisionId, at.timeMs);
    }
    default:
      return assertNever(command);
  }
}

const isFull = ({ signals }: Job, bytes: number): boolean =>
  signals.length >= JOB_SIGNALS_MAX ||
  signals.reduce((sum, { payload }) => sum + Buffer.byteLength(payload), bytes) > JOB_SIGNALS_BYTES_MAX;

/** Keeps a signal until the handler takes it: at once when it waits for it. */
const signalled = (
  job: Job,
  { jobId, name, payload, principal: sentBy }: SignalJob,
  decisionId: string,
  timeMs: number,
): readonly Output[] =>
  inTurn(
    job,
    () => [jobSignalled({ jobId, name, payload, sentBy, decisionId })],
    (before) => delivered(before, jobId, name, timeMs),
    (after) => wakeIfIdle(after, jobId),
  );

/** Decides on a request of a handler to a model. A request that nothing waits for any more is not made. */
export function modelAsked(
  state: JobState,
  command: RecordOf<'AskJobModel' | 'AskJobEmbedding'>,
  decided: Decided,
  { timeMs }: At,
): readonly Output[] {
  const { callId, jobId } = command.data;
  if (!isKept(state) || !waitsForModel(state, callId)) return [];
  const { decision } = decided;
  if (decision.outcome === 'deny') return modelDenied(state, { jobId, callId }, refusalOf(decided), timeMs);
  return [
    command.type === 'AskJobModel'
      ? answerRequested(command.data, decision.decisionId, state.spec.lane)
      : embeddingRequested(command.data, decision.decisionId, state.spec.lane),
  ];
}

const requestOf = ({ callId, principal, model }: AskJobModel | AskJobEmbedding) => ({
  ...{ subjectId: callId, origin: ORIGIN, requestId: callId, sessionId: null, turnId: null, principal, model },
});

function answerRequested(asked: AskJobModel, decisionId: string, lane: string): Output {
  const { callId, prompt, maxTokens, earlier, sampling } = asked;
  return slmRequested({
    ...{ ...requestOf(asked), turnSequence: null, maxTokens: boundedMaxTokens(maxTokens), decisionId, lane },
    messages: [...earlier, textMessage('user', prompt)],
    ...{ temperature: sampling?.temperature ?? PROGRAM_TEMPERATURE, seed: sampling?.seed ?? seedOf(callId) },
    ...{ stop: sampling?.stop ?? [], responseFormat: sampling?.responseFormat ?? null },
    ...noTools,
  });
}

const embeddingRequested = (asked: AskJobEmbedding, decisionId: string, lane: string): Output =>
  slmEmbeddingRequested({ ...requestOf(asked), input: asked.input, decisionId, lane });
