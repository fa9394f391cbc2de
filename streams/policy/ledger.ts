import { type Amount, minus, nothing, plus } from '../../schemas/amount.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

interface Reservation extends Amount {
  /** Ms since 1970. */
  readonly expiresAt: number;
}

/** What a tenant has used of its budgets, and what its requests that have not ended hold. */
export interface Ledger {
  /** Spent since the tenant first had a budget. */
  readonly spent: Amount;
  /** The latest day on which something was spent, UTC, such as `2026-11-25`; and what was spent on it. */
  readonly day: string;
  readonly spentToday: Amount;
  /** Sum of `open`. */
  readonly held: Amount;
  /** By request, the oldest first. Some 110 bytes each; at most RESERVATIONS_MAX. */
  readonly open: Readonly<Record<string, Reservation>>;
}

export type LedgerEvent = RecordOf<'BudgetReserved' | 'BudgetSettled'>;

export const emptyLedger: Ledger = { spent: nothing, day: '', spentToday: nothing, held: nothing, open: {} };

/** A state may have 1 MB. Behind so many requests of one tenant at once, others wait for the model for minutes. */
export const RESERVATIONS_MAX = 4_000;

/**
 * Longer than any request lives: sixteen turns that wait in a session, five minutes each, and the worker's three attempts.
 * Only what was asked for again after it had ended is ever given back by it.
 */
export const RESERVATION_MS = 2 * 60 * 60 * 1000;

export function evolve(ledger: Ledger, event: LedgerEvent): Ledger {
  switch (event.type) {
    case 'BudgetReserved': {
      const { requestId, tokens, cost, expiresAt } = event.data;
      const open = { ...ledger.open, [requestId]: { tokens, cost, expiresAt } };
      return { ...ledger, held: plus(ledger.held, { tokens, cost }), open };
    }
    case 'BudgetSettled': {
      const { requestId, tokens, cost, tokensReserved, costReserved, day } = event.data;
      const { [requestId]: _, ...open } = ledger.open;
      const used = { tokens, cost };
      const reserved = { tokens: tokensReserved, cost: costReserved };
      return {
        spent: plus(ledger.spent, used),
        day,
        spentToday: plus(day === ledger.day ? ledger.spentToday : nothing, used),
        held: minus(ledger.held, reserved),
        open,
      };
    }
    default:
      return assertNever(event);
  }
}

export const isOpen = ({ open }: Ledger, requestId: string): boolean => Object.hasOwn(open, requestId);

/** What a request holds; nothing when it holds nothing. */
export const heldBy = (ledger: Ledger, requestId: string): Amount =>
  (isOpen(ledger, requestId) ? ledger.open[requestId] : undefined) ?? nothing;

/** The day of UTC, never before the ledger's: what is told late is spent on the day that runs. */
export function dayOf({ day }: Ledger, timeMs: number): string {
  const told = new Date(timeMs).toISOString().slice(0, 10);
  return told > day ? told : day;
}

/** Requests whose end was never told. Reservations stand in the order of their times, so the oldest come first. */
export function expired({ open }: Ledger, nowMs: number): readonly string[] {
  const found: string[] = [];
  // Most often the first is young enough: no list of all of them is made for each command.
  for (const requestId in open) {
    if ((open[requestId]?.expiresAt ?? 0) > nowMs) break;
    found.push(requestId);
  }
  return found;
}
