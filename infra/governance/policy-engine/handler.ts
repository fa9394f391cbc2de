import { type EngineAnswer, policyEngineAnswered } from '../../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import { messageOf } from '../../kit/errors.ts';
import { type EngineClient, EngineUnavailable } from './client.ts';
import { inputOf } from './input.ts';

type Question = RecordOf<'AskPolicyEngine'>;

/** Runs questions to the external policy engine. */
export interface PolicyEngineHandler {
  /** Ends in one answer. Rejects when another run may help. */
  handle(question: Question, context: WorkContext): Promise<void>;
  /** Ends with the answer `unavailable`, which denies. */
  abandon(question: Question, context: WorkContext, error: unknown): Promise<void>;
}

const unavailable = (error: unknown): EngineAnswer => ({
  outcome: 'unavailable',
  reasons: [],
  engineDecisionId: null,
  detail: messageOf(error),
  latencyMs: error instanceof EngineUnavailable ? error.latencyMs : 0,
});

const answered = ({ data: { subjectId, commandId, command, classifier } }: Question, answer: EngineAnswer) =>
  policyEngineAnswered({ subjectId, commandId, command, answer, classifier });

/** Returns the handler of the policy-engine worker for an engine. */
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
