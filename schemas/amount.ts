/** What is counted of the use of models: tokens, and money with nine digits behind the point. */
import { formatDecimal, parseDecimal } from './decimal.ts';

export interface Amount {
  readonly tokens: number;
  /** A decimal of `COST_SCALE` digits, such as `"0.000246800"`. */
  readonly cost: string;
}

/** A price has at most 3 digits behind the point and a million has 6 zeros: 9 digits hold the cost of any number of tokens exactly. */
const PRICE_SCALE = 3;
export const COST_SCALE = 9;

export const nothing: Amount = { tokens: 0, cost: '0.000000000' };

const sum = (a: Amount, b: Amount, sign: bigint): Amount => ({
  tokens: a.tokens + Number(sign) * b.tokens,
  cost: formatDecimal(parseDecimal(a.cost, COST_SCALE) + sign * parseDecimal(b.cost, COST_SCALE), COST_SCALE),
});

export const plus = (a: Amount, b: Amount): Amount => sum(a, b, 1n);
export const minus = (a: Amount, b: Amount): Amount => sum(a, b, -1n);

/** Null sets no limit. */
export interface AmountLimit {
  readonly tokensMax: number | null;
  readonly costMax: string | null;
}

/** What of an amount is above a limit. */
export const beyond = (
  { tokens, cost }: Amount,
  { tokensMax, costMax }: AmountLimit,
): readonly ('tokens' | 'cost')[] => [
  ...(tokensMax !== null && tokens > tokensMax ? (['tokens'] as const) : []),
  ...(costMax !== null && parseDecimal(cost, COST_SCALE) > parseDecimal(costMax, COST_SCALE)
    ? (['cost'] as const)
    : []),
];

/** `costOf(1234, '0.200')` → `'0.000246800'`. Throws when the price is no decimal of at most 3 digits behind the point. */
export const costOf = (tokens: number, pricePerMillionTokens: string): string =>
  formatDecimal(BigInt(tokens) * parseDecimal(pricePerMillionTokens, PRICE_SCALE), COST_SCALE);
