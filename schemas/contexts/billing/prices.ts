/** Versions of prices, and what use costs under one. */
import type { LedgerLine, MeteredUse, Price, PriceTiers, PriceVersion } from '../../generated/records.ts';
import { isZero, moneyOf, opposite, unitsOf } from './money.ts';

/** Key of the one table of prices. */
export const BOOK = 'prices';
export const METERS = ['prompt_tokens', 'completion_tokens', 'tool_calls', 'job_steps'] as const;
export type Meter = (typeof METERS)[number];
/** Resource of a price that holds for every resource without one of its own. */
export const ANY_RESOURCE = '*';
export const PRICES_MAX = 500;
/** Most further prices of one price. */
export const STEPS_MAX = 20;
export const NOTE_CHARS_MAX = 500;
/** Longest name of a resource. */
export const RESOURCE_CHARS_MAX = 200;
/**
 * Least time between a change of prices and the first use that it holds for. Every task holds the version by then, so
 * that the version of a charge depends on its time alone, and no charge is ever rated again because of a change.
 */
export const PRICES_LEAD_MS = 60_000;
/** Largest price: that of a million tokens, of a call or of a step. */
export const UNIT_PRICE_MAX = '1000000';
/** A price of a million tokens has at most three fraction digits, so nine hold the price of any number of tokens. */
const PER_TOKENS = 1_000_000n;
const TOKEN_PRICE_STEP = unitsOf('0.001');

/** Every version of the prices, by number. */
export type PriceVersions = ReadonlyMap<number, PriceVersion>;

export const versionId = (version: number): string => `${BOOK}/${version}`;

/** Returns the versions with one more. */
export const withPrices = (known: PriceVersions, added: PriceVersion): PriceVersions =>
  new Map(known).set(added.version, added);

/** Returns the version for use at a time, in ms since 1970; null before the first. Of those in effect, the last one set. */
export function versionAt(known: PriceVersions, timeMs: number): PriceVersion | null {
  let found: PriceVersion | null = null;
  for (const each of known.values())
    if (each.effectiveFrom <= timeMs && (found === null || each.version > found.version)) found = each;
  return found;
}

/** Largest long that our Avro codec keeps exactly. */
const QUANTITY_MAX = 2 ** 52 - 1;

const ofTokens = (meter: string): boolean => meter === 'prompt_tokens' || meter === 'completion_tokens';

/** Returns how many units of a meter its price is of. */
export const perUnits = (meter: string): bigint => (ofTokens(meter) ? PER_TOKENS : 1n);

/** Returns why a list of prices cannot be used, in one sentence; null when it can. */
export function faultOf(prices: readonly Price[]): string | null {
  if (prices.length > PRICES_MAX) return `There are more than ${PRICES_MAX} prices.`;
  const seen = new Set<string>();
  for (const { meter, resource, unitPrice, tiers } of prices) {
    const name = `${meter} of ${resource}`;
    if (!METERS.some((known) => known === meter)) return `${meter} is no meter.`;
    if (resource === '' || resource.length > RESOURCE_CHARS_MAX)
      return `A resource has 1 to ${RESOURCE_CHARS_MAX} characters.`;
    if (meter === 'job_steps' && resource !== ANY_RESOURCE) return 'Steps of jobs have one price, of the resource *.';
    if (seen.has(name)) return `There are two prices of ${name}.`;
    seen.add(name);
    for (const each of [unitPrice, ...(tiers?.steps ?? []).map((step) => step.unitPrice)]) {
      const units = unitsOf(each);
      if (units < 0n || units > unitsOf(UNIT_PRICE_MAX))
        return `The price of ${name} is not from 0 to ${UNIT_PRICE_MAX}.`;
      if (ofTokens(meter) && units % TOKEN_PRICE_STEP !== 0n)
        return `The price of ${name} has more than three digits behind the point.`;
    }
    if (tiers !== null && !areSteps(tiers))
      return `The tiers of ${name} are not 1 to ${STEPS_MAX}, graduated or volume, and ascending.`;
  }
  return null;
}

const areSteps = ({ mode, steps }: PriceTiers): boolean =>
  (mode === 'graduated' || mode === 'volume') &&
  steps.length > 0 &&
  steps.length <= STEPS_MAX &&
  steps.every(({ above }, nth) => above > (steps[nth - 1]?.above ?? 0) && above <= QUANTITY_MAX);

/** Returns the price of a meter of a resource: its own, or that of every resource; undefined without one. */
export const priceIn = (prices: readonly Price[], meter: Meter, resource: string): Price | undefined =>
  prices.find((each) => each.meter === meter && each.resource === resource) ??
  prices.find((each) => each.meter === meter && each.resource === ANY_RESOURCE);

/** Prices that use is rated by. */
export type Rates = Pick<PriceVersion, 'version' | 'currency' | 'prices'>;

export interface Rated {
  /** 0 where the cost was metered, or where there is nothing to charge. */
  readonly version: number;
  readonly lines: readonly LedgerLine[];
}

/**
 * Returns what use costs. Where the prices have none of it, it costs what was metered, under version 0. Exact: no amount
 * is rounded. Never throws for prices without a fault.
 */
export function rated(rates: Rates | null, use: MeteredUse): Rated {
  const quantities: readonly (readonly [Meter, number])[] =
    use.kind === 'model'
      ? [
          ['prompt_tokens', use.promptTokens],
          ['completion_tokens', use.completionTokens],
        ]
      : [[use.kind === 'tool' ? 'tool_calls' : 'job_steps', use.calls]];
  const priced = quantities.map(([meter, quantity]) => ({
    ...{ meter, quantity, price: rates === null ? undefined : priceIn(rates.prices, meter, use.resource) },
  }));
  if (rates === null || priced.every(({ price }) => price === undefined)) return { version: 0, lines: metered(use) };
  const lines = priced.flatMap(({ meter, quantity, price }) =>
    price === undefined || quantity === 0
      ? []
      : [
          {
            ...{ meter, resource: use.resource, quantity, unitPrice: moneyOf(unitsOf(price.unitPrice)) },
            ...{ currency: rates.currency, amount: amountOf(meter, quantity, price.unitPrice) },
          },
        ],
  );
  return { version: rates.version, lines };
}

/** Returns the exact price of a quantity, which is whole. */
export function amountOf(meter: Meter, quantity: number, unitPrice: string): string {
  return moneyOf((BigInt(quantity) * unitsOf(unitPrice)) / perUnits(meter));
}

function metered({
  kind,
  resource,
  promptTokens,
  completionTokens,
  calls,
  cost,
  currency,
}: MeteredUse): readonly LedgerLine[] {
  if (isZero(cost)) return [];
  const what =
    kind === 'model'
      ? { meter: 'tokens', quantity: Math.min(promptTokens + completionTokens, QUANTITY_MAX) }
      : { meter: kind === 'tool' ? 'tool_calls' : 'job_steps', quantity: calls };
  return [{ ...what, resource, unitPrice: null, currency, amount: moneyOf(unitsOf(cost)) }];
}

/** Returns the lines that take others back. */
export const takenBack = (lines: readonly LedgerLine[]): readonly LedgerLine[] =>
  lines.map((line) => ({ ...line, quantity: 0 - line.quantity + 0, amount: opposite(line.amount) }));
