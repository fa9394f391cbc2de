import { type Condition, readsOf } from '../rows.ts';
import { approvalGrantsTable, approvalStepsTable, approvalsTable } from './projection.ts';

export type { ApprovalGrantRow, ApprovalRow, ApprovalStepRow } from './projection.ts';

/** Reads of approvals: by id, and the newest first. */
export const approvalRows = readsOf(approvalsTable, 'created_at');
/** Reads of the steps of approvals: the newest first. */
export const approvalStepRows = readsOf(approvalStepsTable, 'created_at');
/** Reads of grants: by id, and the newest first. */
export const approvalGrantRows = readsOf(approvalGrantsTable, 'created_at');

/** States of approvals. */
export const approvalStatuses = ['waiting', 'granted', 'rejected', 'expired'] as const;
/** States of grants. */
export const approvalGrantStatuses = ['active', 'ended'] as const;

export type ApprovalCondition = Condition<typeof approvalsTable.columns>;
export type ApprovalGrantCondition = Condition<typeof approvalGrantsTable.columns>;
