import { type Amount, minus, nothing, plus } from '../../schemas/amount.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

interface Reservation extends Amount {
  /** Ms since 1970. */
  readonly expiresAt: number;
  /** Set when its use draws on the prepaid credit of the tenant. */
  readonly prepaid?: true;
}

/**
 * What the ledger of a tenant leased to one place, and the reservations of the requests of the place that have not ended.
 * Amounts: tokens, and money with nine fraction digits.
 */
export interface LeaseAccount {
  /** Leased and not reserved. */
  readonly unused: Amount;
  /** Unused amount that the place may keep, by the latest answer of the ledger; nothing while the budget is scarce. */
  readonly kept: Amount;
  /** Reserved amount: the sum of `open`. */
  readonly held: Amount;
  /** Reservations by request, the oldest first. About 110 bytes each; at most RESERVATIONS_MAX with `asking`. */
  readonly open: Readonly<Record<string, Reservation>>;
  /** Number of the latest question of a command. */
  readonly asked: number;
  /** Number of commands that wait for an answer, by their key. */
  readonly asking: Readonly<Record<string, number>>;
  /** True while a question ahead of commands has no answer. */
  readonly askedAhead: boolean;
  /** Time of the latest reservation or answer, in ms since 1970. */
  readonly usedAt: number;
  /** Set once the ledger has held a lease of this place against the prepaid credit: from then on every lease was. */
  readonly prepaid?: true;
}

export type LeaseEvent = RecordOf<
  'BudgetReserved' | 'BudgetSettled' | 'LeaseRequested' | 'LeaseReceived' | 'LeaseGivenBack'
>;

export const emptyAccount: LeaseAccount = {
  ...{ unused: nothing, kept: nothing, held: nothing, open: {} },
  ...{ asked: 0, asking: {}, askedAhead: false, usedAt: 0 },
};

/**
 * Bound on the open requests of a place: a state may have 1 MB. A queue of this length already waits for the model for
 * minutes.
 */
export const RESERVATIONS_MAX = 4_000;

/**
 * Lifetime of a reservation in ms. Longer than any request: sixteen turns that wait in a session, five minutes each,
 * and the worker's three attempts. It only releases requests that were repeated after their end.
 */
export const RESERVATION_MS = 2 * 60 * 60 * 1000;

/** Returns the number of commands of a subject that wait for an answer. Never throws. */
export const askingOf = ({ asking }: LeaseAccount, subjectId: string): number =>
  (Object.hasOwn(asking, subjectId) ? asking[subjectId] : undefined) ?? 0;

function withAsking(account: LeaseAccount, subjectId: string, more: 1 | -1): LeaseAccount['asking'] {
  const { [subjectId]: _, ...others } = account.asking;
  const count = askingOf(account, subjectId) + more;
  return count > 0 ? { ...others, [subjectId]: count } : others;
}

/** Folds an event into the account. Throws when an amount is not a decimal of nine fraction digits. */
export function evolve(account: LeaseAccount, event: LeaseEvent): LeaseAccount {
  switch (event.type) {
    case 'BudgetReserved': {
      const { requestId, tokens, cost, expiresAt, prepaid } = event.data;
      return {
        ...account,
        unused: minus(account.unused, event.data),
        held: plus(account.held, event.data),
        open: { ...account.open, [requestId]: { tokens, cost, expiresAt, ...(prepaid && { prepaid }) } },
        usedAt: expiresAt - RESERVATION_MS,
      };
    }
    case 'BudgetSettled': {
      const { requestId, tokensReserved, costReserved, tokensReleased, costReleased } = event.data;
      const { [requestId]: _, ...open } = account.open;
      const reserved = { tokens: tokensReserved, cost: costReserved };
      const released = { tokens: tokensReleased, cost: costReleased };
      return {
        ...account,
        unused: minus(plus(account.unused, reserved), released),
        held: minus(account.held, reserved),
        open,
      };
    }
    case 'LeaseRequested': {
      const { number, subjectId, tokensReturned, costReturned } = event.data;
      const unused = minus(account.unused, { tokens: tokensReturned, cost: costReturned });
      return subjectId === null
        ? { ...account, unused, askedAhead: true }
        : { ...account, unused, asked: number ?? account.asked, asking: withAsking(account, subjectId, 1) };
    }
    case 'LeaseReceived': {
      const { subjectId, tokensKept, costKept, at, prepaid } = event.data;
      return {
        ...account,
        unused: plus(account.unused, event.data),
        kept: { tokens: tokensKept, cost: costKept },
        ...(subjectId === null ? { askedAhead: false } : { asking: withAsking(account, subjectId, -1) }),
        usedAt: at,
        ...(prepaid && { prepaid }),
      };
    }
    case 'LeaseGivenBack':
      return { ...account, unused: minus(account.unused, event.data), kept: nothing, askedAhead: false };
    default:
      return assertNever(event);
  }
}

/** Folds events into an account and returns it. Never throws. */
export const foldAccount = (account: LeaseAccount, events: readonly LeaseEvent[]): LeaseAccount =>
  events.reduce(evolve, account);

/** Returns true while a request has a reservation. Never throws. */
export const isOpen = ({ open }: LeaseAccount, requestId: string): boolean => Object.hasOwn(open, requestId);

/** Returns the reserved amount of a request; nothing without a reservation. Never throws. */
export function heldBy(account: LeaseAccount, requestId: string): Amount {
  const { tokens, cost } = (isOpen(account, requestId) ? account.open[requestId] : undefined) ?? nothing;
  return { tokens, cost };
}

/** Returns true for an open request whose use draws on the prepaid credit. Never throws. */
export const isPrepaid = (account: LeaseAccount, requestId: string): boolean =>
  isOpen(account, requestId) && account.open[requestId]?.prepaid === true;

/** Returns the number of requests that have not ended or wait for an answer. Never throws. */
export const requestsOf = ({ open, asking }: LeaseAccount): number =>
  Object.values(asking).reduce((sum, each) => sum + each, Object.keys(open).length);

/** Returns the requests whose reservations expire by `nowMs`, ms since 1970, oldest first. Never throws. */
export function expired({ open }: LeaseAccount, nowMs: number): readonly string[] {
  const found: string[] = [];
  // Usually the first has not expired: this avoids a list of all of them for each command.
  for (const requestId in open) {
    if ((open[requestId]?.expiresAt ?? 0) > nowMs) break;
    found.push(requestId);
  }
  return found;
}
