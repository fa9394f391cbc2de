import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Asks the outside policy engine. The commands of one subject are asked in order; a slow answer holds up no other subject. */
export const policyEngine = worker({
  name: 'policy-engine',
  inputs: [topics.policyQuestions],
  outputs: [topics.policyAnswers],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 64,
  /** One tenant may have three quarters of the places: the rest is for whoever else comes. */
  tenantConcurrencyMax: 48,
  /** Somebody waits for the decision: an engine that failed three times is away, and the command is refused. */
  attemptsMax: 3,
  /** A request has a shorter time of its own, which is configured. */
  deadlineMs: 10_000,
});
