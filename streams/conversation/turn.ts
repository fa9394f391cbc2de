import { slmRequested, turnStarted } from '../../schemas/generated/records.ts';
import { seedOf } from '../kernel/seed.ts';
import type { RecordOf } from '../kernel.ts';
import { personaOf } from './personas.ts';
import type { AllowedTurn, OpenConversation } from './state.ts';

/** An answer of some 200 words, unless the caller asks for another length. */
const MAX_TOKENS_DEFAULT = 256;
/** Second fence behind the constitution's own limit: half of a small model's context. */
const MAX_TOKENS_MAX = 2_048;

export const boundedMaxTokens = (asked: number | null): number =>
  Math.min(Math.max(asked ?? MAX_TOKENS_DEFAULT, 1), MAX_TOKENS_MAX);

/** From the record that starts a turn to its end. Longer than the model's worker takes to give up: three runs of 90 s. */
export const TURN_MS_MAX = 300_000;

/** Starts a turn in an idle conversation: the event, and the request to the model with the persona and what was said before. */
export function startTurn(
  state: OpenConversation,
  sessionId: string,
  turn: AllowedTurn,
  nowMs: number,
): readonly [RecordOf<'TurnStarted'>, RecordOf<'SlmRequested'>] {
  const { turnId, prompt, model, maxTokens, principal, decisionId } = turn;
  const persona = personaOf(state.persona);
  return [
    turnStarted({ sessionId, turnId, sequence: state.sequence + 1, prompt, model, deadline: nowMs + TURN_MS_MAX }),
    slmRequested({
      subjectId: sessionId,
      origin: 'conversation',
      requestId: turnId,
      principal,
      model,
      messages: [
        { role: 'system', content: persona.systemPrompt },
        ...state.history.flatMap((exchange) => [
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
