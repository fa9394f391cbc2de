import { type EngineAnswer, policyEngineAnswered } from '../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../streams/kernel.ts';
import { messageOf } from '../kafka/errors.ts';
import { type EngineClient, EngineUnavailable } from './client.ts';
import { inputOf } from './input.ts';

type Question = RecordOf<'AskPolicyEngine'>;

export interface PolicyEngineHandler {
  /** Ends in one answer. Rejects for what another run may mend. */
  handle(question: Question, context: WorkContext): Promise<void>;
  /** The engine is away: that is an answer too, and it denies. */
  abandon(question: Question, context: WorkContext, error: unknown): Promise<void>;
}

const unavailable = (error: unknown): EngineAnswer => ({
  outcome: 'unavailable',
  reasons: [],
  engineDecisionId: null,
  detail: messageOf(error),
  latencyMs: error instanceof EngineUnavailable ? error.latencyMs : 0,
});

const answered = ({ data: { subjectId, commandId, command } }: Question, answer: EngineAnswer) =>
  policyEngineAnswered({ subjectId, commandId, command, answer });

/** Binds the policy-engine worker to an engine. */
export const createPolicyEngineHandler = (engine: Pick<EngineClient, 'ask'>): PolicyEngineHandler => ({
  async handle(question, context) {
    try {
      const answer = await engine.ask(inputOf(question.data, context.meta), context.signal);
      context.end(answered(question, answer));
    } catch (error) {
      if (!(error instanceof EngineUnavailable) || error.retryable) throw error;
      context.end(answered(question, unavailable(error)));
    }
  },
  abandon: async (question, context, error) => context.end(answered(question, unavailable(error))),
});
