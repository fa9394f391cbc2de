/** Amounts of use: tokens, and money with nine fraction digits. */
import { formatDecimal, parseDecimal } from './decimal.ts';

export interface Amount {
  readonly tokens: number;
  /** A decimal with `COST_SCALE` fraction digits, such as `"0.000246800"`. */
  readonly cost: string;
}

/**
 * Fraction digits of a price. A price has at most 3 and a million has 6 zeros, so 9 digits hold the cost of any number
 * of tokens exactly.
 */
const PRICE_SCALE = 3;
export const COST_SCALE = 9;

export const nothing: Amount = { tokens: 0, cost: '0.000000000' };

/** Bound on tokens: the largest long that our Avro codec keeps exactly. Sums beyond it stay there. */
const TOKENS_MAX = 2 ** 52 - 1;
// Adding 0 makes 0 of -0, which JSON and Avro do not have.
const bounded = (tokens: number): number => Math.max(-TOKENS_MAX, Math.min(TOKENS_MAX, tokens)) + 0;

const sum = (a: Amount, b: Amount, sign: bigint): Amount => ({
  tokens: bounded(a.tokens + Number(sign) * b.tokens),
  cost: formatDecimal(parseDecimal(a.cost, COST_SCALE) + sign * parseDecimal(b.cost, COST_SCALE), COST_SCALE),
});

/** Returns the exact sum of two amounts. */
export const plus = (a: Amount, b: Amount): Amount => sum(a, b, 1n);
/** Returns the exact difference of two amounts. */
export const minus = (a: Amount, b: Amount): Amount => sum(a, b, -1n);

const unscaled = ({ cost }: Amount): bigint => parseDecimal(cost, COST_SCALE);

/** Returns the amount `times` over; `times` is whole and at least 0. */
export const multiple = (amount: Amount, times: number): Amount => ({
  tokens: bounded(amount.tokens * times),
  cost: formatDecimal(unscaled(amount) * BigInt(times), COST_SCALE),
});

/** Returns the smaller of each part. */
export const least = (a: Amount, b: Amount): Amount => ({
  tokens: Math.min(a.tokens, b.tokens),
  cost: unscaled(a) < unscaled(b) ? a.cost : b.cost,
});

/** Returns what `a` has beyond `b`, in each part; 0 where it has less. */
export const excess = (a: Amount, b: Amount): Amount => minus(a, least(a, b));

/** Returns true when no part of `b` is larger than that of `a`. */
export const covers = (a: Amount, b: Amount): boolean => a.tokens >= b.tokens && unscaled(a) >= unscaled(b);

/** Returns true when no part is above 0. */
export const isNothing = (amount: Amount): boolean => covers(nothing, amount);

/**
 * Returns how many whole amounts of `unit` fit into `room`, from 0 to `most`. A part without a limit, or of which the
 * unit has nothing, bounds nothing.
 */
export function wholes(room: AmountLimit, unit: Amount, most: number): number {
  const { tokensMax, costMax } = room;
  const byTokens = tokensMax === null || unit.tokens <= 0 ? most : Math.floor(tokensMax / unit.tokens);
  const cost = unscaled(unit);
  const byCost = costMax === null || cost <= 0n ? most : Number(parseDecimal(costMax, COST_SCALE) / cost);
  return Math.max(0, Math.min(most, byTokens, byCost));
}

/** Limits of use; null sets no limit. */
export interface AmountLimit {
  readonly tokensMax: number | null;
  readonly costMax: string | null;
}

/** Returns the parts of an amount that exceed a limit. Never throws. */
export const beyond = (
  { tokens, cost }: Amount,
  { tokensMax, costMax }: AmountLimit,
): readonly ('tokens' | 'cost')[] => [
  ...(tokensMax !== null && tokens > tokensMax ? (['tokens'] as const) : []),
  ...(costMax !== null && parseDecimal(cost, COST_SCALE) > parseDecimal(costMax, COST_SCALE)
    ? (['cost'] as const)
    : []),
];

/**
 * Returns the cost of tokens: `costOf(1234, '0.200')` → `'0.000246800'`. Throws when the price is not a decimal with at
 * most 3 fraction digits.
 */
export const costOf = (tokens: number, pricePerMillionTokens: string): string =>
  formatDecimal(BigInt(tokens) * parseDecimal(pricePerMillionTokens, PRICE_SCALE), COST_SCALE);
