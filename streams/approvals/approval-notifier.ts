import { topics } from '../../schemas/topics.ts';
import { worker } from '../kernel.ts';

/** Sends to the webhook of the platform what approvers must look at. A slow webhook delays no approval of another session. */
export const approvalNotifier = worker({
  name: 'approval-notifier',
  inputs: [topics.approvalsEvents],
  outputs: [topics.approvalsNotices],
  key: ({ type, data }) => (type === 'ApprovalRequested' || type === 'ApprovalEscalated' ? data.scopeId : null),
  concurrencyMax: 16,
  /** One tenant may use three quarters of the capacity: the rest is left for other tenants. */
  tenantConcurrencyMax: 12,
  /** With pauses of up to 10 s some five minutes: a webhook that restarts misses nothing. */
  attemptsMax: 30,
  deadlineMs: 15_000,
});
