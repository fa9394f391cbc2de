import { type Amount, nothing, plus } from '../../schemas/amount.ts';
import { storableTemperature } from '../../schemas/contexts/personas/entries.ts';
import type { BudgetClaim, DecidedPersona, RecallTrace } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';
import { type Exchange, remember } from './history.ts';

/** An allowed turn, with all fields of its request to the model. */
export interface AllowedTurn {
  readonly turnId: string;
  readonly prompt: string;
  readonly model: string | null;
  readonly maxTokens: number;
  readonly principal: string;
  readonly decisionId: string;
  /** Its claim on the tenant's budgets; null when the tenant has no budget. */
  readonly budget: BudgetClaim | null;
  /** Persona that it is answered as. Null when its decision does not have it: it is older than the records of personas. */
  readonly persona: DecidedPersona | null;
}

export interface RunningTurn {
  readonly turnId: string;
  readonly prompt: string;
  /** ms since 1970; null for a turn that was started before deadlines existed. */
  readonly deadlineMs: number | null;
  readonly budget: BudgetClaim | null;
  /** Memories that the model is shown; left out for a turn that asked for none. */
  readonly recalled?: RecallTrace;
}

interface Common {
  /** Sequence of the latest event; 0 before the first. */
  readonly sequence: number;
  /** Ids of the latest submitted turns, whatever their result: submitting one of them again is a repeat. */
  readonly seenTurns: readonly string[];
}

export interface OpenConversation extends Common {
  readonly status: 'open';
  readonly persona: string;
  readonly model: string | null;
  readonly running: RunningTurn | null;
  readonly queue: readonly AllowedTurn[];
  readonly history: readonly Exchange[];
  /** Use by the completed turns. */
  readonly spent: Amount;
}

/**
 * unopened ──ConversationOpened──▶ open, idle ──TurnStarted──▶ open, running ──TurnCompleted / TurnFailed──▶ idle
 * TurnQueued appends to the queue; TurnStarted removes from it, in the same transaction when no turn runs.
 *
 * Bounds, in characters: history 6,000; queue 32,000 (16 turns, prompts and instructions); the running prompt, 8,000 by the constitution; 64 turn
 * ids, 2,500. Typically 2 to 8 KB as JSON, never above 60,000 characters.
 */
export type ConversationState = (Common & { readonly status: 'unopened' }) | OpenConversation;

export type ConversationEvent = RecordOf<
  'ConversationOpened' | 'TurnQueued' | 'TurnStarted' | 'TurnCompleted' | 'TurnFailed' | 'TurnRefused'
>;

export const QUEUED_TURNS_MAX = 16;
export const QUEUED_CHARS_MAX = 32_000;
/**
 * Number of remembered turn ids. A client repeats a request within minutes, and 64 turns of one session take longer.
 */
export const SEEN_TURNS_MAX = 64;

export const unopened: ConversationState = { status: 'unopened', sequence: 0, seenTurns: [] };

type TurnEvent = Exclude<ConversationEvent, RecordOf<'ConversationOpened'>>;

/** Folds one event into the state. Total over every order of events. */
export function evolve(
  state: ConversationState,
  event: ConversationEvent | RecordOf<'SlmRequested' | 'SlmEmbeddingRequested' | 'CancelSlmRequest'>,
): ConversationState {
  switch (event.type) {
    case 'SlmRequested':
    case 'SlmEmbeddingRequested':
    case 'CancelSlmRequest':
      return state;
    case 'ConversationOpened':
      return state.status === 'open' ? { ...state, sequence: event.data.sequence } : openedBy(state, event);
    default:
      return state.status === 'open' ? evolveOpen(state, event) : { ...state, ...noted(state, event) };
  }
}

const noted = (state: Common, { data: { sequence, turnId } }: TurnEvent): Common => ({
  sequence,
  seenTurns: state.seenTurns.includes(turnId) ? state.seenTurns : [...state.seenTurns, turnId].slice(-SEEN_TURNS_MAX),
});

/** Returns the state after the conversation was opened; turns refused before it stay known. */
export function openedBy({ seenTurns }: Common, { data }: RecordOf<'ConversationOpened'>): OpenConversation {
  const { sequence, persona, model } = data;
  return { status: 'open', sequence, seenTurns, persona, model, running: null, queue: [], history: [], spent: nothing };
}

const stored = (persona: DecidedPersona | null): DecidedPersona | null =>
  persona && { ...persona, temperature: storableTemperature(persona.temperature) };

/** Folds an event of a turn into an open conversation. */
export function evolveOpen(before: OpenConversation, event: TurnEvent): OpenConversation {
  const state = { ...before, ...noted(before, event) };
  const { turnId } = event.data;
  const runs = state.running?.turnId === turnId;
  switch (event.type) {
    case 'TurnQueued': {
      const { prompt, model, maxTokens, principal, decisionId, budget, persona } = event.data;
      const turn = { turnId, prompt, model, maxTokens, principal, decisionId, budget, persona: stored(persona) };
      return { ...state, queue: [...state.queue, turn] };
    }
    case 'TurnStarted':
      return {
        ...state,
        running: {
          turnId,
          prompt: event.data.prompt,
          deadlineMs: event.data.deadline,
          budget: event.data.budget,
          ...(event.data.recalled !== null && { recalled: event.data.recalled }),
        },
        queue: state.queue.filter((turn) => turn.turnId !== turnId),
      };
    case 'TurnCompleted': {
      if (state.running === null || !runs) return state;
      const exchange = { prompt: state.running.prompt, answer: event.data.text };
      const { tokensConsumed, cost, toolCalls } = event.data;
      const used = { tokens: tokensConsumed.prompt + tokensConsumed.completion, cost: cost ?? nothing.cost };
      return {
        ...state,
        running: null,
        // An answer that asks for tools is half an exchange: its client brings the whole with the results.
        history: toolCalls.length > 0 ? state.history : remember(state.history, exchange),
        spent: plus(state.spent, used),
      };
    }
    case 'TurnFailed':
      return runs ? { ...state, running: null } : state;
    case 'TurnRefused':
      return state;
    default:
      return assertNever(event);
  }
}
