import type { Identity } from '../idempotency.ts';

/** Maximum time, in ms, that a followed table may lag the event tail: the gateway reads the event once for each. */
export const TAKE_EFFECT_MS = 1_000;

/** Returns the `Location` of a command that changes no resource of its own: the audit records of its chain. */
export const auditOfCommand = ({ identity: { commandId } }: { readonly identity: Identity }): string =>
  `/v1/audit?command_id=${commandId}`;
