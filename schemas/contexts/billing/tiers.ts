/** Prices in tiers: what the units of a month cost beyond the price of the first ones, and what is counted together. */
import type { LedgerLine, Price, PriceTiers } from '../../generated/records.ts';
import { isZero, moneyOf, unitsOf } from './money.ts';
import { METERS, type Meter, type PriceVersions, perUnits, priceIn } from './prices.ts';

export const TIER_MODES = ['graduated', 'volume'] as const;

/** Use that is counted together: of one price of one version, by one tenant, in one month of UTC. */
export interface Tier {
  readonly tierId: string;
  readonly meter: Meter;
  /** Resource of the price, `*` for every one without a price of its own. */
  readonly resource: string;
  readonly version: number;
}

const MONTH_CHARS = 7;
/** Returns the month of a time, in ms since 1970: `2026-11`. */
const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, MONTH_CHARS);

/** Returns what a line counts for; null for a line whose price has no tiers. */
export function tierOf(
  known: PriceVersions,
  { meter: name, resource: used }: Pick<LedgerLine, 'meter' | 'resource'>,
  { tenantId, version, usedAt }: { readonly tenantId: string; readonly version: number; readonly usedAt: number },
): Tier | null {
  const meter = METERS.find((each) => each === name);
  const price = meter === undefined ? undefined : priceIn(known.get(version)?.prices ?? [], meter, used);
  if (meter === undefined || price === undefined || price.tiers === null) return null;
  const { resource } = price;
  return { tierId: `tiers/${tenantId}/${monthOf(usedAt)}/${version}/${meter}/${resource}`, meter, resource, version };
}

/** Returns the price of units in billionths, times the units that a price is of. Exact. */
function sumOf({ mode, steps }: PriceTiers, unitPrice: string, quantity: bigint): bigint {
  const first = { above: 0, unitPrice };
  const all = [first, ...steps];
  if (mode === 'volume') {
    const reached = all.filter(({ above }) => quantity > BigInt(above)).at(-1) ?? first;
    return quantity * unitsOf(reached.unitPrice);
  }
  return all.reduce((sum, { above, unitPrice: price }, nth) => {
    const next = all[nth + 1]?.above;
    const until = next === undefined || quantity < BigInt(next) ? quantity : BigInt(next);
    return until > BigInt(above) ? sum + (until - BigInt(above)) * unitsOf(price) : sum;
  }, 0n);
}

/**
 * Returns what a month costs beyond its units at the price of the first ones: below zero where further units are cheaper. It depends
 * on the number of units alone. Exact, and zero for fewer than one unit.
 */
export function tierDifference(
  { meter, unitPrice, tiers }: Pick<Price, 'meter' | 'unitPrice' | 'tiers'>,
  quantity: number,
): string {
  const units = BigInt(quantity);
  if (tiers === null || units <= 0n) return moneyOf(0n);
  return moneyOf((sumOf(tiers, unitPrice, units) - units * unitsOf(unitPrice)) / perUnits(meter));
}

/** Returns the lines of the difference that tiers make; none where they make none. */
export const tierLines = (
  { meter, resource }: Pick<Tier, 'meter' | 'resource'>,
  amount: string,
  currency: string,
): readonly LedgerLine[] =>
  isZero(amount) ? [] : [{ meter: `${meter}.tiers`, resource, quantity: 0, unitPrice: null, currency, amount }];
