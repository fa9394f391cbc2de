import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/**
 * Asks the outside classifier about texts. The commands of one subject are asked in order; a slow answer delays no other
 * subject.
 */
export const classifier = worker({
  name: 'classifier',
  inputs: [topics.classifierQuestions],
  outputs: [topics.classifierAnswers],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 64,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 48,
  /** A caller waits for the decision: after three failures the classifier counts as unavailable. */
  attemptsMax: 3,
  /** Each HTTP request has its own shorter timeout, which is configured. */
  deadlineMs: 10_000,
});
