import { slmRequested, turnStarted } from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import { tokensMaxOf } from '../kernel/token-bounds.ts';
import type { RecordOf } from '../kernel.ts';
import { type Exchange, latestWithin } from './history.ts';
import { personaOf } from './personas.ts';
import type { AllowedTurn, OpenConversation } from './state.ts';

/** From the record that starts a turn to its end. Longer than the model's worker takes to give up: three runs of 90 s. */
export const TURN_MS_MAX = 300_000;

/**
 * What was said before, as far as the turn's claim on a budget leaves room: the latest exchanges, oldest first. The persona
 * and the prompt have their part in every claim.
 */
function historyWithin(history: readonly Exchange[], { budget, maxTokens, prompt }: AllowedTurn, persona: string) {
  if (budget === null) return history;
  const room = budget.tokens - maxTokens - tokensMaxOf(prompt) - tokensMaxOf(persona);
  return latestWithin(history, room, tokensMaxOf);
}

/** Starts a turn in an idle conversation: the event, and the request to the model with the persona and what was said before. */
export function startTurn(
  state: OpenConversation,
  sessionId: string,
  turn: AllowedTurn,
  nowMs: number,
): readonly [RecordOf<'TurnStarted'>, RecordOf<'SlmRequested'>] {
  const { turnId, prompt, model, maxTokens, principal, decisionId, budget } = turn;
  const persona = personaOf(state.persona);
  return [
    turnStarted({
      sessionId,
      turnId,
      sequence: state.sequence + 1,
      prompt,
      model,
      deadline: nowMs + TURN_MS_MAX,
      budget,
    }),
    slmRequested({
      subjectId: sessionId,
      origin: 'conversation',
      requestId: turnId,
      principal,
      model,
      messages: [
        { role: 'system', content: persona.systemPrompt },
        ...historyWithin(state.history, turn, persona.systemPrompt).flatMap((exchange) => [
          { role: 'user' as const, content: exchange.prompt },
          { role: 'assistant' as const, content: exchange.answer },
        ]),
        { role: 'user', content: prompt },
      ],
      maxTokens,
      temperature: persona.temperature,
      seed: seedOf(turnId),
      decisionId,
    }),
  ];
}
