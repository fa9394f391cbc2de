/** Exact sums of money: decimals as texts with nine digits behind the point. */
import { formatDecimal, parseDecimal } from '../../decimal.ts';

/** Digits behind the point of every amount in the ledger. */
export const MONEY_SCALE = 9;
export const NO_MONEY = '0.000000000';
/** Digits behind the point of a total that is paid. */
const CENTS = 2;

/** Returns an amount as a whole number of billionths. Throws when it is not a decimal of at most nine fraction digits. */
export const unitsOf = (amount: string): bigint => parseDecimal(amount, MONEY_SCALE);
/** Returns the amount of a whole number of billionths. */
export const moneyOf = (units: bigint): string => formatDecimal(units, MONEY_SCALE);

/** Returns the exact sum. */
export const total = (amounts: readonly string[]): string =>
  moneyOf(amounts.reduce((sum, amount) => sum + unitsOf(amount), 0n));

/** Returns the amount with the opposite sign. */
export const opposite = (amount: string): string => moneyOf(-unitsOf(amount));

/** Returns true for an amount of zero. */
export const isZero = (amount: string): boolean => unitsOf(amount) === 0n;

/** Returns the amount in cents, half to even (IEEE 754): `0.125000000` → `0.12`. */
export function inCents(amount: string): string {
  const unit = 10n ** BigInt(MONEY_SCALE - CENTS);
  const units = unitsOf(amount);
  const size = units < 0n ? -units : units;
  const whole = size / unit;
  const rest = 2n * (size % unit);
  const up = rest > unit || (rest === unit && whole % 2n === 1n);
  const cents = whole + (up ? 1n : 0n);
  return formatDecimal(units < 0n ? -cents : cents, CENTS);
}
