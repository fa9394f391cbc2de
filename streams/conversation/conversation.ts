import {
  cancelSlmRequest,
  conversationOpened,
  type PolicyDecided,
  type StartSession,
  type SubmitTurn,
  type TimeOutTurn,
  timeOutTurn,
  turnCompleted,
  turnDelta,
  turnFailed,
  turnQueued,
  turnRefused,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { denialDetail, refusalCode } from '../kernel/denial.ts';
import { boundedMaxTokens } from '../kernel/token-bounds.ts';
import { assertNever, type Meta, processor, type RecordOf, type Timer } from '../kernel.ts';
import { sessionOverdrawn } from './session-budget.ts';
import {
  type AllowedTurn,
  type ConversationEvent,
  type ConversationState,
  evolve,
  evolveOpen,
  type OpenConversation,
  openedBy,
  QUEUED_CHARS_MAX,
  QUEUED_TURNS_MAX,
  type RunningTurn,
  unopened,
} from './state.ts';
import { startTurn, TURN_MS_MAX } from './turn.ts';

type Input = RecordOf<'PolicyDecided' | 'TimeOutTurn' | 'SlmDelta' | 'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type Output = ConversationEvent | RecordOf<'SlmRequested' | 'CancelSlmRequest'>;

export function decide(state: ConversationState, input: Input, { timeMs }: Pick<Meta, 'timeMs'>): readonly Output[] {
  if (input.type === 'TimeOutTurn') return timedOut(state, input.data, timeMs);
  if (input.type !== 'PolicyDecided') return answered(state, input, timeMs);
  const { command } = input.data;
  switch (command.type) {
    case 'StartSession':
      return opened(state, command.data, input.data, timeMs);
    case 'SubmitTurn':
      return asked(state, command.data, input.data, timeMs);
    default:
      return [];
  }
}

/** A session that was refused has no conversation, and one that is open is not opened again. */
function opened(
  state: ConversationState,
  start: StartSession,
  { decision, budget }: PolicyDecided,
  nowMs: number,
): readonly Output[] {
  if (state.status === 'open' || decision.outcome === 'deny') return [];
  const { sessionId, persona, model, principal, turnId, prompt } = start;
  const { decisionId } = decision;
  const event = conversationOpened({ sessionId, sequence: state.sequence + 1, persona, model, principal, decisionId });
  if (turnId === null || prompt === null || isRepeat(state, turnId)) return [event];
  const maxTokens = boundedMaxTokens(start.maxTokens);
  return [
    event,
    ...startTurn(
      openedBy(state, event),
      sessionId,
      { turnId, prompt, model, maxTokens, principal, decisionId, budget },
      nowMs,
    ),
  ];
}

function asked(
  state: ConversationState,
  command: SubmitTurn,
  { decision, budget }: PolicyDecided,
  nowMs: number,
): readonly Output[] {
  const { sessionId, turnId, prompt, principal } = command;
  if (isRepeat(state, turnId)) return [];
  const sequence = state.sequence + 1;
  const refuse = (code: string, detail: string): readonly Output[] => [
    turnRefused({ sessionId, turnId, sequence, code, detail, decision }),
  ];
  if (decision.outcome === 'deny') return refuse(refusalCode(decision), denialDetail(decision));
  if (state.status === 'unopened') return refuse('SESSION_UNKNOWN', 'No session of this id was started.');

  const model = command.model ?? state.model;
  const maxTokens = boundedMaxTokens(command.maxTokens);
  const { decisionId } = decision;
  const turn: AllowedTurn = { turnId, prompt, model, maxTokens, principal, decisionId, budget };
  if (sessionOverdrawn(state, budget))
    return refuse('BUDGET_EXCEEDED', 'With what the turn could use, the budget of the session would be overdrawn.');
  if (state.running === null) return startTurn(state, sessionId, turn, nowMs);
  if (isFull(state.queue, turn))
    return refuse('TURN_QUEUE_FULL', `${state.queue.length} turns of this session wait already; ask again later.`);
  return [turnQueued({ sessionId, sequence, position: state.queue.length + 1, ...turn })];
}

/** A turn that runs or waits is known even when many later ones have driven it out of `seenTurns`. */
const isRepeat = (state: ConversationState, turnId: string): boolean =>
  state.seenTurns.includes(turnId) ||
  (state.status === 'open' &&
    (state.running?.turnId === turnId || state.queue.some((waiting) => waiting.turnId === turnId)));

const isFull = (queue: readonly AllowedTurn[], turn: AllowedTurn): boolean =>
  queue.length >= QUEUED_TURNS_MAX ||
  queue.reduce((chars, { prompt }) => chars + prompt.length, turn.prompt.length) > QUEUED_CHARS_MAX;

/** What the model says counts only for the turn that runs: a late answer to an ended turn is passed over. */
function answered(
  state: ConversationState,
  input: Exclude<Input, RecordOf<'PolicyDecided' | 'TimeOutTurn'>>,
  nowMs: number,
): readonly Output[] {
  if (state.status === 'unopened' || state.running?.turnId !== input.data.requestId) return [];
  const place = { sessionId: input.data.subjectId, turnId: input.data.requestId, sequence: state.sequence + 1 };
  switch (input.type) {
    case 'SlmDelta': {
      const { attempt, index, text } = input.data;
      return isNext(state.running, attempt, index) ? [turnDelta({ ...place, attempt, index, text })] : [];
    }
    case 'SlmCompleted': {
      const { text, modelId, finishReason, tokensConsumed, latencyMs, cost } = input.data;
      return ended(
        state,
        turnCompleted({ ...place, text, modelId, finishReason, tokensConsumed, latencyMs, cost }),
        nowMs,
      );
    }
    case 'SlmFailed':
      return ended(state, turnFailed({ ...place, code: input.data.code, detail: input.data.detail }), nowMs);
    case 'SlmEmbedded':
      return [];
    default:
      return assertNever(input);
  }
}

/** A later attempt begins the answer anew; within one, nothing is said twice. */
const isNext = (running: RunningTurn, attempt: number, index: number): boolean =>
  attempt > running.attempt || (attempt === running.attempt && index >= running.nextIndex);

/** Nobody waits for the model any more: its request is taken back, before the next turn's stands behind it. */
function timedOut(state: ConversationState, { sessionId, turnId }: TimeOutTurn, nowMs: number): readonly Output[] {
  if (state.status === 'unopened' || state.running?.turnId !== turnId) return [];
  const detail = `No answer was complete within ${TURN_MS_MAX / 1_000} s.`;
  const sequence = state.sequence + 1;
  const code = 'TURN_TIMEOUT';
  const request = { subjectId: sessionId, origin: 'conversation', requestId: turnId } as const;
  return [
    cancelSlmRequest({ ...request, reason: code }),
    ...ended(state, turnFailed({ sessionId, turnId, sequence, code, detail }), nowMs),
  ];
}

function ended(
  state: OpenConversation,
  end: RecordOf<'TurnCompleted' | 'TurnFailed'>,
  nowMs: number,
): readonly Output[] {
  const idle = evolveOpen(state, end);
  const next = idle.queue[0];
  return next === undefined ? [end] : [end, ...startTurn(idle, end.data.sessionId, next, nowMs)];
}

const keyOf = (record: Input): string | null => {
  if (record.type === 'TimeOutTurn') return record.data.sessionId;
  if (record.type !== 'PolicyDecided') return record.data.origin === 'conversation' ? record.data.subjectId : null;
  const { type } = record.data.command;
  return type === 'StartSession' || type === 'SubmitTurn' ? record.data.subjectId : null;
};

/** The turn that runs has a deadline. */
function due(state: ConversationState, sessionId: string): readonly Timer<RecordOf<'TimeOutTurn'>>[] {
  const running = state.status === 'open' ? state.running : null;
  if (running === null || running.deadlineMs === null) return [];
  return [{ atMs: running.deadlineMs, record: timeOutTurn({ sessionId, turnId: running.turnId }) }];
}

/** The turns of a session, one at a time, each with its streamed answer. */
export const conversation = processor({
  name: 'conversation',
  inputs: [topics.policyDecisions, topics.slmResponses, topics.conversationTimers],
  outputs: [topics.conversationEvents, topics.slmRequests],
  state: topics.conversationState,
  initial: unopened,
  key: keyOf,
  decide,
  evolve,
  timers: { topic: topics.conversationTimers, due },
  stateVersion: 3,
});
