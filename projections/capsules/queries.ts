import { type Condition, readsOf } from '../rows.ts';
import { capsuleAttestationsTable, capsuleInstallsTable, capsulesTable } from './projection.ts';

export type { CapsuleAttestationRow, CapsuleInstallRow, CapsuleRow } from './projection.ts';

/** Reads of capsules: by id, and the newest first. Their tenant is `*`. */
export const capsuleRows = readsOf(capsulesTable, 'created_at');
/** Reads of statements: the newest first. Their tenant is `*`. */
export const capsuleAttestationRows = readsOf(capsuleAttestationsTable, 'created_at');
/** Reads of installs: by name, and the newest first. */
export const capsuleInstallRows = readsOf(capsuleInstallsTable, 'created_at');

/** States of installs. */
export const capsuleInstallStatuses = ['installed', 'uninstalled'] as const;

export type CapsuleCondition = Condition<typeof capsulesTable.columns>;
export type CapsuleInstallCondition = Condition<typeof capsuleInstallsTable.columns>;
