import { formatDecimal, parseDecimal } from '../../schemas/decimal.ts';

/** A price has at most 3 digits behind the point and a million has 6 zeros: 9 digits hold the cost of any number of tokens exactly. */
const PRICE_SCALE = 3;
const COST_SCALE = 9;

/** `costOf(1234, '0.200')` → `'0.000246800'`. Throws when the price is no decimal of at most 3 digits behind the point. */
export const costOf = (tokens: number, pricePerMillionTokens: string): string =>
  formatDecimal(BigInt(tokens) * parseDecimal(pricePerMillionTokens, PRICE_SCALE), COST_SCALE);
