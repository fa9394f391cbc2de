/** Limits of billing, and the capabilities of its commands and reads. */
import { anyCovers } from '../capabilities.ts';

/** Sets prices, which hold for every tenant. */
export const SET_PRICES = 'billing:prices';
/** Reads the ledger, the invoices and the use of one's own tenant. */
export const READ_BILLING = 'billing:read';
/** Time for which a charge takes later reports and corrections. Its state is dropped then: 400 bytes. */
export const CHARGE_OPEN_MS = 40 * 24 * 60 * 60 * 1000;
export const REASON_CHARS_MAX = 500;
/** Type of the jobs that rate use under other prices. */
export const BILLING_WHAT_IF = 'billing.what-if';

/** Returns the capability that a top-up of the prepaid credit of a tenant takes, also of one's own. */
export const topUpCapability = (tenantId: string): string => `billing:top-up:${tenantId}`;

/** Returns true when the capabilities may top up the credit of a tenant. */
export const mayTopUp = (capabilities: readonly string[], tenantId: string): boolean =>
  anyCovers(capabilities, topUpCapability(tenantId));

/** Returns the capability that a correction of a charge of a tenant takes. */
export const correctCapability = (tenantId: string): string => `billing:correct:${tenantId}`;

/** Returns true when the capabilities may correct charges of a tenant. Its own principals need it as well. */
export const mayCorrect = (capabilities: readonly string[], tenantId: string): boolean =>
  anyCovers(capabilities, correctCapability(tenantId));
