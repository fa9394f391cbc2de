import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Asks the language model. The requests of one subject are served in order; a slow one delays no other subject. */
export const slm = worker({
  name: 'slm',
  inputs: [topics.slmRequests],
  outputs: [topics.slmResponses, topics.slmMetrics],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 64,
  /** One tenant may have three quarters of the places: the rest is for whoever else comes. */
  tenantConcurrencyMax: 48,
  /** A provider that failed three times within the deadline is away: the user is told rather than kept waiting. */
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
