import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Asks the language model. The requests of one subject are served in order; a slow request delays no other subject. */
export const slm = worker({
  name: 'slm',
  inputs: [topics.slmRequests],
  outputs: [topics.conversationDeltas, topics.slmResponses, topics.slmMetrics],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 64,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 48,
  /**
   * After three failures within the deadline the provider counts as unavailable: the user receives an error instead of
   * waiting longer.
   */
  attemptsMax: 3,
  deadlineMs: 90_000,
  cancels: {
    by: ['CancelSlmRequest'],
    of: ({ data }, earlier) =>
      earlier.type !== 'CancelSlmRequest' &&
      earlier.data.requestId === data.requestId &&
      earlier.data.origin === data.origin,
  },
});
