import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Recalls the memories of turns, before policy decides on them. The turns of one session are asked for in order. */
export const turnRecall = worker({
  name: 'turn-recall',
  inputs: [topics.memoryQuestions],
  outputs: [topics.memoryAnswers],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 32,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 24,
  /** A caller waits for the decision: after three failures the turn is refused. */
  attemptsMax: 3,
  deadlineMs: 5_000,
});
