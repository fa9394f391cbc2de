/** What use would have cost under other prices. */
import type { LedgerLine, MeteredUse, Price } from '../../generated/records.ts';
import { NO_MONEY, total } from './money.ts';
import { METERS, priceIn, rated } from './prices.ts';
import { tierDifference, tierLines } from './tiers.ts';

export interface WhatIf {
  readonly lines: readonly LedgerLine[];
  /** Sums of what was metered and of what it would cost, by currency, ordered by it. */
  readonly totals: readonly { readonly currency: string; readonly metered: string; readonly priced: string }[];
}

/** Returns what tiers of prices make of the lines of one month. */
function ofTiers(charged: readonly LedgerLine[], currency: string, prices: readonly Price[]): readonly LedgerLine[] {
  return prices.flatMap((price) => {
    const meter = METERS.find((each) => each === price.meter);
    if (meter === undefined || price.tiers === null) return [];
    const quantity = charged
      .filter((line) => line.meter === meter && priceIn(prices, meter, line.resource) === price)
      .reduce((sum, line) => sum + line.quantity, 0);
    return tierLines({ meter, resource: price.resource }, tierDifference(price, quantity), currency);
  });
}

/**
 * Returns what use would cost under prices. Every price of first units is linear in its quantity and no amount is rounded, so sums
 * of use cost exactly what the uses cost one by one. Tiers count all of the use as that of one month.
 */
export function whatIf(
  uses: readonly MeteredUse[],
  { currency, prices }: { readonly currency: string; readonly prices: readonly Price[] },
): WhatIf {
  const rates = { version: 0, currency, prices: [...prices] };
  const charged = uses.flatMap((use) => rated(rates, use).lines);
  const lines = [...charged, ...ofTiers(charged, currency, prices)];
  const currencies = [...new Set([...uses.map((use) => use.currency), ...lines.map((line) => line.currency)])].sort();
  const sum = (amounts: readonly string[]) => total([NO_MONEY, ...amounts]);
  const totals = currencies.map((each) => ({
    currency: each,
    metered: sum(uses.filter((use) => use.currency === each).map(({ cost }) => cost)),
    priced: sum(lines.filter((line) => line.currency === each).map(({ amount }) => amount)),
  }));
  return { lines, totals };
}
