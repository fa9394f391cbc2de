import { promptWith, traceOf } from '../../schemas/contexts/memory/turn-recall.ts';
import { TEMPERATURE_DEFAULT } from '../../schemas/contexts/personas/entries.ts';
import { plainTurn, textMessage, toolsOf } from '../../schemas/contexts/slm/messages.ts';
import { slmOrigin } from '../../schemas/contexts/slm/models.ts';
import { tokensMaxOf } from '../../schemas/contexts/slm/token-bounds.ts';
import {
  type ChatMessage,
  type StartSession,
  slmRequested,
  turnQueued,
  turnStarted,
} from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import type { RecordOf } from '../kernel.ts';
import { type Exchange, latestWithin } from './history.ts';
import { type AllowedTurn, evolveOpen, type OpenConversation } from './state.ts';

/**
 * What the caller adds to a turn that starts at once: earlier messages, how its answer is sampled, the call that its prompt
 * is the result of, what a response is shown with, and memories.
 */
export type Opening = Pick<StartSession, 'earlier' | 'sampling' | 'toolCallId' | 'response' | 'recall'>;
const plain: Opening = { earlier: [], sampling: null, ...plainTurn };

/** Returns true for a turn that is more than a prompt: it brings its own context, and is not queued. */
export const hasOpening = ({ earlier, sampling, toolCallId, response, recall }: Opening): boolean =>
  earlier.length > 0 || sampling !== null || toolCallId !== null || response !== null || recall !== null;

/** Persona of a turn whose decision has none: it was decided before personas were records. */
const noPersona = { instructions: '', temperature: TEMPERATURE_DEFAULT };

/**
 * Returns the messages before the prompt: a system message of the caller takes the place of the instructions of the persona.
 */
function messagesBefore({ earlier }: Opening, instructions: string, exchanges: readonly Exchange[]): ChatMessage[] {
  const isInstructed = instructions === '' || earlier.some(({ role }) => role === 'system');
  return [
    ...(isInstructed ? [] : [textMessage('system', instructions)]),
    ...earlier,
    ...exchanges.flatMap(({ prompt, answer }) => [textMessage('user', prompt), textMessage('assistant', answer)]),
  ];
}

export const NAME = 'conversation';
/** Origin of its requests to models; answers carry the same origin. */
export const ORIGIN = slmOrigin(NAME);

/**
 * Maximum time from the record that starts a turn to its end. Longer than the worker of the model takes to give up:
 * three runs of 90 s.
 */
export const TURN_MS_MAX = 300_000;

/**
 * Returns the part of the history that the turn's claim on a budget leaves room for: the latest exchanges, oldest
 * first. Every claim includes the persona and the prompt.
 */
function historyWithin(history: readonly Exchange[], { budget, maxTokens, prompt }: AllowedTurn, instructions: string) {
  if (budget === null) return history;
  const room = budget.tokens - maxTokens - tokensMaxOf(prompt) - tokensMaxOf(instructions);
  return latestWithin(history, room, tokensMaxOf);
}

/** Returns the exchanges before a turn: none for one that brings its own context. */
const exchangesFor = ({ earlier, response }: Opening, history: () => readonly Exchange[]): readonly Exchange[] =>
  earlier.length > 0 || response !== null ? [] : history();

const promptOf = (prompt: string, { toolCallId }: Opening): ChatMessage =>
  toolCallId === null ? textMessage('user', prompt) : { role: 'tool', content: prompt, toolCalls: [], toolCallId };

/** Starts a turn in an idle conversation: the event, and the request to the model with persona, history and prompt. */
export function startTurn(
  state: OpenConversation,
  sessionId: string,
  turn: AllowedTurn,
  nowMs: number,
  opening = plain,
): readonly [RecordOf<'TurnStarted'>, RecordOf<'SlmRequested'>] {
  const { turnId, prompt, model, maxTokens, principal, decisionId, budget } = turn;
  const shown = promptWith(prompt, opening.recall);
  const { instructions, temperature } = turn.persona ?? noPersona;
  const sequence = state.sequence + 1;
  return [
    turnStarted({
      sessionId,
      turnId,
      sequence,
      prompt,
      model,
      deadline: nowMs + TURN_MS_MAX,
      budget,
      recalled: traceOf(opening.recall),
    }),
    slmRequested({
      subjectId: sessionId,
      origin: ORIGIN,
      requestId: turnId,
      sessionId,
      turnId,
      turnSequence: sequence,
      principal,
      model,
      messages: [
        ...messagesBefore(
          opening,
          instructions,
          exchangesFor(opening, () => historyWithin(state.history, { ...turn, prompt: shown }, instructions)),
        ),
        promptOf(shown, opening),
      ],
      maxTokens,
      temperature: opening.sampling?.temperature ?? temperature,
      seed: opening.sampling?.seed ?? seedOf(turnId),
      stop: opening.sampling?.stop ?? [],
      responseFormat: opening.sampling?.responseFormat ?? null,
      ...toolsOf(opening.sampling),
      decisionId,
      lane: 'interactive',
    }),
  ];
}

/** Accepts a turn in an idle conversation: it is queued behind no other turn, and starts. */
export function acceptTurn(
  state: OpenConversation,
  sessionId: string,
  turn: AllowedTurn,
  nowMs: number,
  opening = plain,
): readonly [RecordOf<'TurnQueued'>, ...ReturnType<typeof startTurn>] {
  // The turn starts at once, with the persona of its decision: the event need not carry it.
  const { response } = opening;
  const queued = turnQueued({ sessionId, sequence: state.sequence + 1, position: 0, ...turn, persona: null, response });
  return [queued, ...startTurn(evolveOpen(state, queued), sessionId, turn, nowMs, opening)];
}
