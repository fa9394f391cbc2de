/** What use would have cost under other prices. */
import type { LedgerLine, MeteredUse, Price } from '../../generated/records.ts';
import { NO_MONEY, total } from './money.ts';
import { rated } from './prices.ts';

export interface WhatIf {
  readonly lines: readonly LedgerLine[];
  /** Sums of what was metered and of what it would cost, by currency, ordered by it. */
  readonly totals: readonly { readonly currency: string; readonly metered: string; readonly priced: string }[];
}

/**
 * Returns what use would cost under prices. Every price is linear in its quantity and no amount is rounded, so sums of use
 * cost exactly what the uses cost one by one.
 */
export function whatIf(
  uses: readonly MeteredUse[],
  { currency, prices }: { readonly currency: string; readonly prices: readonly Price[] },
): WhatIf {
  const rates = { version: 0, currency, prices: [...prices] };
  const lines = uses.flatMap((use) => rated(rates, use).lines);
  const currencies = [...new Set([...uses.map((use) => use.currency), ...lines.map((line) => line.currency)])].sort();
  const sum = (amounts: readonly string[]) => total([NO_MONEY, ...amounts]);
  const totals = currencies.map((each) => ({
    currency: each,
    metered: sum(uses.filter((use) => use.currency === each).map(({ cost }) => cost)),
    priced: sum(lines.filter((line) => line.currency === each).map(({ amount }) => amount)),
  }));
  return { lines, totals };
}
