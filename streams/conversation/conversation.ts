import { refusalOf, shortfallDetail } from '../../schemas/contexts/policy/denial.ts';
import { boundedMaxTokens } from '../../schemas/contexts/slm/token-bounds.ts';
import {
  type BudgetShortfall,
  cancelSlmRequest,
  conversationOpened,
  type PolicyDecided,
  type SlmFailed,
  type StartSession,
  type SubmitTurn,
  type TimeOutTurn,
  type TurnFailed,
  timeOutTurn,
  turnCompleted,
  turnFailed,
  turnQueued,
  turnRefused,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, processor, type RecordOf, type Timer } from '../kernel.ts';
import { sessionShortfall } from './session-budget.ts';
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
  unopened,
} from './state.ts';
import { acceptTurn, hasOpening, NAME, ORIGIN, startTurn, TURN_MS_MAX } from './turn.ts';

type Input = RecordOf<'PolicyDecided' | 'CancelTurn' | 'TimeOutTurn' | 'SlmCompleted' | 'SlmFailed' | 'SlmEmbedded'>;
type Output = ConversationEvent | RecordOf<'SlmRequested' | 'CancelSlmRequest'>;

/**
 * Decides on one input: a decision of policy, an answer of a model, or a due deadline. Returns the events and requests
 * that follow.
 */
export function decide(state: ConversationState, input: Input, { timeMs }: Pick<Meta, 'timeMs'>): readonly Output[] {
  if (input.type === 'TimeOutTurn') {
    const detail = `No answer was complete within ${TURN_MS_MAX / 1_000} s.`;
    return cut(state, input.data, { code: 'TURN_TIMEOUT', detail }, timeMs);
  }
  if (input.type === 'CancelTurn') {
    const detail = `The turn was cancelled: ${input.data.reason}.`;
    return cut(state, input.data, { code: 'TURN_CANCELLED', detail }, timeMs);
  }
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

/** Returns the opening event. A refused session has no conversation, and an open one is not opened again. */
function opened(
  state: ConversationState,
  start: StartSession,
  { decision, budget, persona: decided }: PolicyDecided,
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
    ...acceptTurn(
      openedBy(state, event),
      sessionId,
      { turnId, prompt, model, maxTokens, principal, decisionId, budget, persona: decided },
      nowMs,
      start,
    ),
  ];
}

function asked(
  state: ConversationState,
  command: SubmitTurn,
  decided: PolicyDecided,
  nowMs: number,
): readonly Output[] {
  const { decision, budget, persona } = decided;
  const { sessionId, turnId, prompt, principal } = command;
  if (isRepeat(state, turnId)) return [];
  const sequence = state.sequence + 1;
  const refuse = (code: string, detail: string, shortfall: BudgetShortfall | null = null): readonly Output[] => [
    turnRefused({ sessionId, turnId, sequence, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') return [turnRefused({ sessionId, turnId, sequence, ...refusalOf(decided) })];
  if (state.status === 'unopened') return refuse('SESSION_UNKNOWN', 'No session of this id was started.');

  const model = command.model ?? state.model;
  const maxTokens = boundedMaxTokens(command.maxTokens);
  const { decisionId } = decision;
  const turn: AllowedTurn = { turnId, prompt, model, maxTokens, principal, decisionId, budget, persona };
  const shortfall = sessionShortfall(state, budget);
  if (shortfall !== null)
    return refuse(
      'BUDGET_EXCEEDED',
      `The turn could exceed the budget of its session. ${shortfallDetail(shortfall)}`,
      shortfall,
    );
  if (state.running === null) return acceptTurn(state, sessionId, turn, nowMs, command);
  if (hasOpening(command)) return refuse('TURN_RUNNING', 'A turn of this session runs; ask again when it has ended.');
  if (isFull(state.queue, turn))
    return refuse('TURN_QUEUE_FULL', `${state.queue.length} turns of this session wait already; ask again later.`);
  return [turnQueued({ sessionId, sequence, position: state.queue.length + 1, ...turn, response: null })];
}

/**
 * Returns true for a known turn. A running or queued turn is known even when later turns have evicted it from
 * `seenTurns`.
 */
const isRepeat = (state: ConversationState, turnId: string): boolean =>
  state.seenTurns.includes(turnId) ||
  (state.status === 'open' &&
    (state.running?.turnId === turnId || state.queue.some((waiting) => waiting.turnId === turnId)));

const charsOf = ({ prompt, persona }: AllowedTurn): number => prompt.length + (persona?.instructions.length ?? 0);

const isFull = (queue: readonly AllowedTurn[], turn: AllowedTurn): boolean =>
  queue.length >= QUEUED_TURNS_MAX ||
  queue.reduce((chars, waiting) => chars + charsOf(waiting), charsOf(turn)) > QUEUED_CHARS_MAX;

const failedTurn = (
  place: Pick<TurnFailed, 'sessionId' | 'turnId' | 'sequence'>,
  { code, detail, refusal }: SlmFailed,
): RecordOf<'TurnFailed'> => turnFailed({ ...place, code, detail, refusal });

/** Handles an answer of the model. Only the running turn takes it: a late answer to an ended turn is ignored. */
function answered(
  state: ConversationState,
  input: Exclude<Input, RecordOf<'PolicyDecided' | 'CancelTurn' | 'TimeOutTurn'>>,
  nowMs: number,
): readonly Output[] {
  if (state.status === 'unopened' || state.running?.turnId !== input.data.requestId) return [];
  const place = { sessionId: input.data.subjectId, turnId: input.data.requestId, sequence: state.sequence + 1 };
  switch (input.type) {
    case 'SlmCompleted': {
      const { attempt, text, toolCalls, modelId, finishReason, tokensConsumed, latencyMs, cost, moderation } =
        input.data;
      const answer = { attempt, text, toolCalls, modelId, finishReason, tokensConsumed, latencyMs, cost, moderation };
      return ended(state, turnCompleted({ ...place, ...answer, recalled: state.running?.recalled ?? null }), nowMs);
    }
    case 'SlmFailed':
      return ended(state, failedTurn(place, input.data), nowMs);
    case 'SlmEmbedded':
      return [];
    default:
      return assertNever(input);
  }
}

/**
 * Fails the running turn, at its deadline or because it was cancelled. Its request to the model is cancelled first,
 * before the request of the next turn.
 */
function cut(
  state: ConversationState,
  { sessionId, turnId }: Pick<TimeOutTurn, 'sessionId' | 'turnId'>,
  { code, detail }: { readonly code: string; readonly detail: string },
  nowMs: number,
): readonly Output[] {
  if (state.status === 'unopened' || state.running?.turnId !== turnId) return [];
  const sequence = state.sequence + 1;
  const request = { subjectId: sessionId, origin: ORIGIN, requestId: turnId };
  return [
    cancelSlmRequest({ ...request, reason: code }),
    ...ended(state, turnFailed({ sessionId, turnId, sequence, code, detail, refusal: null }), nowMs),
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
  if (record.type === 'TimeOutTurn' || record.type === 'CancelTurn') return record.data.sessionId;
  if (record.type !== 'PolicyDecided') return record.data.origin === ORIGIN ? record.data.subjectId : null;
  const { type } = record.data.command;
  return type === 'StartSession' || type === 'SubmitTurn' ? record.data.subjectId : null;
};

/** Lists the deadline of the running turn. */
function due(state: ConversationState, sessionId: string): readonly Timer<RecordOf<'TimeOutTurn'>>[] {
  const running = state.status === 'open' ? state.running : null;
  if (running === null || running.deadlineMs === null) return [];
  return [{ atMs: running.deadlineMs, record: timeOutTurn({ sessionId, turnId: running.turnId }) }];
}

/** Runs the turns of a session, one at a time. The pieces of an answer pass it by: see conversation.deltas. */
export const conversation = processor({
  name: NAME,
  inputs: [topics.policyDecisions, topics.conversationCommands, topics.slmResponses, topics.conversationTimers],
  outputs: [topics.conversationEvents, topics.slmRequests],
  state: topics.conversationState,
  initial: unopened,
  key: keyOf,
  decide,
  evolve,
  timers: { topic: topics.conversationTimers, due },
  stateVersion: 5,
});
