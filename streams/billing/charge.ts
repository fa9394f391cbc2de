import { reversed } from '../../schemas/contexts/billing/accounts.ts';
import { CHARGE_OPEN_MS } from '../../schemas/contexts/billing.ts';
import type { LedgerLeg, LedgerLine, MeteredUse } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

export type LedgerEvent = RecordOf<
  'LedgerReserved' | 'LedgerPosted' | 'LedgerVoided' | 'ChargeClosed' | 'CorrectionRefused'
>;

/** A pending transaction. */
export interface Pending {
  readonly transactionId: string;
  readonly legs: readonly LedgerLeg[];
  readonly expiresAt: number;
}

/** The order of reports: of all that came, the last in this order holds, whatever order they came in. */
export interface Order {
  readonly rank: number;
  readonly reportedAt: number;
  readonly causeId: string;
}

/** The posted part: the sum of all transactions of the charge. */
export interface Posted extends Order {
  readonly transactionId: string;
  readonly use: MeteredUse;
  readonly lines: readonly LedgerLine[];
  readonly priceVersion: number;
  readonly usedAt: number;
  readonly sessionId: string | null;
}

/**
 * absent ──reserve──▶ reserved ──use, posts and releases──▶ posted ──later report, posts the difference──▶ posted
 *    │                   └──unused or expired──▶ absent        └──40 days──▶ absent
 *    └──use without a reservation──▶ posted
 */
export type ChargeState =
  | { readonly status: 'absent' }
  | { readonly status: 'reserved'; readonly tenantId: string; readonly pending: Pending }
  | { readonly status: 'posted'; readonly tenantId: string; readonly posted: Posted };

export const absent: ChargeState = { status: 'absent' };

/** Returns true when `one` holds against `other`. A report holds not against itself. */
export function isLater(one: Order, other: Order): boolean {
  if (one.rank !== other.rank) return one.rank > other.rank;
  if (one.reportedAt !== other.reportedAt) return one.reportedAt > other.reportedAt;
  return one.causeId > other.causeId;
}

/** Returns when a charge takes no further reports, in ms since 1970. */
export const closesAt = ({ usedAt }: Pick<Posted, 'usedAt'>): number => usedAt + CHARGE_OPEN_MS;

/** Returns the pending legs of a state with the opposite signs, and their transaction. */
export const releasedBy = (
  state: ChargeState,
): { readonly released: readonly LedgerLeg[]; readonly settles: string | null } =>
  state.status === 'reserved'
    ? { released: reversed(state.pending.legs), settles: state.pending.transactionId }
    : { released: [], settles: null };

/** Kinds that are posted whole, by other processors: they have no later reports, so their charge has no state. */
const whole: ReadonlySet<string> = new Set(['install', 'run', 'tier', 'top_up', 'draw']);

/** Folds one event into the state of its charge. */
export function evolve(state: ChargeState, event: LedgerEvent): ChargeState {
  switch (event.type) {
    case 'LedgerReserved': {
      const { tenantId, transactionId, legs, expiresAt } = event.data;
      return { status: 'reserved', tenantId, pending: { transactionId, legs, expiresAt } };
    }
    case 'LedgerPosted': {
      if (whole.has(event.data.kind)) return state;
      const { tenantId, transactionId, use, total, priceVersion, usedAt, sessionId, rank, reportedAt, causeId } =
        event.data;
      const order = { rank, reportedAt, causeId };
      const posted = { ...order, transactionId, use, lines: total, priceVersion, usedAt, sessionId };
      return { status: 'posted', tenantId, posted };
    }
    case 'LedgerVoided':
    case 'ChargeClosed':
      return absent;
    case 'CorrectionRefused':
      return state;
    default:
      return assertNever(event);
  }
}
