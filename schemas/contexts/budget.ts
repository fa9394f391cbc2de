/** Windows of budgets: the ledger grants leases by them, and a decision is made again by them. */
import { type Amount, beyond, minus, nothing, plus } from '../amount.ts';
import type { BudgetLimit, BudgetShortfall, BudgetStatus, BudgetWindow } from '../generated/records.ts';

/** What a tenant has taken of its budgets: spent and leased. */
export interface Taken {
  /** Since the tenant first had a budget. */
  readonly total: Amount;
  /** On the day of the request, in UTC. */
  readonly day: Amount;
  /** Drawn from the prepaid credit. */
  readonly drawn: Amount;
  /** The leased part of each. */
  readonly leased: Amount;
  /** End of the day, ms since 1970; null where the ledger is not asked. */
  readonly dayEndsAt: number | null;
}

export const nothingTaken: Taken = { total: nothing, day: nothing, drawn: nothing, leased: nothing, dayEndsAt: null };

interface TakenIn {
  readonly taken: Amount;
  readonly leased: Amount;
  readonly resetsAt: number | null;
}

/**
 * Returns the amount taken in a window. The use of a session is known only to its conversation, which takes one turn at
 * a time and checks again: here it starts at zero.
 */
function takenIn(window: BudgetWindow, { total, day, drawn, leased, dayEndsAt }: Taken): TakenIn {
  switch (window) {
    case 'session':
      return { taken: nothing, leased: nothing, resetsAt: null };
    case 'day':
      return { taken: day, leased, resetsAt: dayEndsAt };
    case 'credit':
      return { taken: drawn, leased, resetsAt: null };
    default:
      // No window exceeds the tenant's total use, so an unknown window of a later version is checked against the total.
      return { taken: total, leased, resetsAt: null };
  }
}

/** Returns the use of each limited window. Never throws. */
export const windowsOf = (limits: readonly BudgetLimit[], now: Taken): readonly BudgetStatus[] =>
  limits.map(({ window, tokensMax, costMax }) => {
    const { taken, leased, resetsAt } = takenIn(window, now);
    return {
      window,
      ...{ tokensMax, tokensTaken: taken.tokens, costMax, costTaken: taken.cost },
      ...{ tokensLeased: leased.tokens, costLeased: leased.cost, resetsAt },
    };
  });

const takenOf = ({ tokensTaken, costTaken }: BudgetStatus): Amount => ({ tokens: tokensTaken, cost: costTaken });

/**
 * Returns a clause for each limit that an amount would exceed, such as `budget:day:tokens`; an empty list when it fits.
 * Never throws.
 */
export const exceeded = (amount: Amount, windows: readonly BudgetStatus[]): readonly string[] =>
  windows.flatMap((status) =>
    beyond(plus(amount, takenOf(status)), status).map((part) => `budget:${status.window}:${part}`),
  );

const withTaken = (status: BudgetStatus, { tokens, cost }: Amount): BudgetStatus => ({
  ...status,
  ...{ tokensTaken: tokens, costTaken: cost, tokensLeased: 0, costLeased: nothing.cost },
});

const untouched = (status: BudgetStatus): BudgetStatus => withTaken(status, nothing);

/** Returns true for an amount that is larger than a whole limit: it fits in no window of it. Never throws. */
export const isTooLarge = (amount: Amount, windows: readonly BudgetStatus[]): boolean =>
  exceeded(amount, windows.map(untouched)).length > 0;

/** Returns the amount of a limit that is not taken; null parts have no limit. */
function leftOf(status: BudgetStatus): Pick<BudgetShortfall, 'tokensLeft' | 'costLeft'> {
  const { tokensMax, costMax } = status;
  const left = minus({ tokens: tokensMax ?? 0, cost: costMax ?? nothing.cost }, takenOf(status));
  return {
    tokensLeft: tokensMax === null ? null : Math.max(0, left.tokens),
    costLeft: costMax === null ? null : left.cost.startsWith('-') ? nothing.cost : left.cost,
  };
}

/** A shortfall with the time from which the request fits, ms since 1970. */
interface Wait {
  readonly fitsAt: number;
  readonly shortfall: BudgetShortfall;
}

/** Returns what an amount lacks in a window that it would exceed. */
function waitFor(amount: Amount, status: BudgetStatus): Wait {
  const { window, tokensLeased, costLeased, resetsAt } = status;
  const lacks = { window, tokensNeeded: amount.tokens, costNeeded: amount.cost };
  if (isTooLarge(amount, [status]))
    return {
      fitsAt: Infinity,
      shortfall: { ...lacks, ...leftOf(untouched(status)), resetsAt: null, cause: 'too_large' },
    };
  const spent = minus(takenOf(status), { tokens: tokensLeased, cost: costLeased });
  if (exceeded(amount, [withTaken(status, spent)]).length === 0)
    return { fitsAt: 0, shortfall: { ...lacks, ...leftOf(status), resetsAt: null, cause: 'held' } };
  return {
    fitsAt: resetsAt ?? Number.MAX_SAFE_INTEGER,
    shortfall: { ...lacks, ...leftOf(status), resetsAt, cause: 'spent' },
  };
}

/**
 * Returns what a request lacks in the window that would admit it last; null when it fits every window. Never throws.
 */
export function shortfallOf(amount: Amount, windows: readonly BudgetStatus[]): BudgetShortfall | null {
  const waits = windows
    .filter((status) => exceeded(amount, [status]).length > 0)
    .map((status) => waitFor(amount, status));
  const last = waits.reduce<Wait | null>(
    (last, wait) => (last === null || wait.fitsAt > last.fitsAt ? wait : last),
    null,
  );
  return last?.shortfall ?? null;
}
