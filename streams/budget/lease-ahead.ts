/** The part of a lease beyond what commands asked for: it saves later commands the question. */
import { type Amount, minus, multiple, nothing, wholes } from '../../schemas/amount.ts';
import { windowsOf } from '../../schemas/contexts/budget.ts';
import type { BudgetLimit, BudgetStatus } from '../../schemas/generated/records.ts';
import { type Ledger, takenBy } from './ledger.ts';

/** Most requests that a place is leased ahead. */
export const AHEAD_MAX = 16;

/**
 * Share of the rest of a budget that all places together are leased ahead at most: a quarter. So leases ahead get small
 * before the rest does, and recalls are few.
 */
const SHARE = 4;

/** Returns true while a command waits for unused leases, or one of them is on its way back: nothing is leased ahead. */
export const isScarce = ({ waiting, places }: Ledger): boolean =>
  waiting.length > 0 || Object.values(places).some(({ recalled }) => recalled);

/** Returns the rest of a window after an amount; null parts have no limit. */
function restOf({ tokensMax, tokensTaken, costMax, costTaken }: BudgetStatus, after: Amount) {
  const left = minus(
    minus({ tokens: tokensMax ?? 0, cost: costMax ?? nothing.cost }, { tokens: tokensTaken, cost: costTaken }),
    after,
  );
  return { tokensMax: tokensMax === null ? null : left.tokens, costMax: costMax === null ? null : left.cost };
}

/**
 * Returns how many requests of `unit` a place is leased ahead, from 0 to AHEAD_MAX, after `asked` is leased. Never
 * throws.
 */
export function requestsAhead(
  ledger: Ledger,
  limits: readonly BudgetLimit[],
  { place, unit, asked, timeMs }: { place: string; unit: Amount; asked: Amount; timeMs: number },
): number {
  if (isScarce(ledger)) return 0;
  const places = new Set([...Object.keys(ledger.places), place]).size;
  return windowsOf(limits, takenBy(ledger, timeMs))
    .filter(({ window }) => window !== 'session')
    .map((window) => wholes(restOf(window, asked), multiple(unit, SHARE * places), AHEAD_MAX))
    .reduce((fewest, each) => Math.min(fewest, each), AHEAD_MAX);
}
