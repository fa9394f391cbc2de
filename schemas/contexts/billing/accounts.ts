/**
 * Double entry: accounts, and the legs of a transaction. A leg is a debit above zero and a credit below, so that the
 * legs of every transaction add up to zero in each currency.
 */
import type { LedgerLeg } from '../../generated/records.ts';
import { isZero, moneyOf, NO_MONEY, opposite, unitsOf } from './money.ts';

/** What the platform earns. */
export const PLATFORM_REVENUE = 'platform:revenue';
/** What a tenant has to pay. */
export const tenantAccount = (tenantId: string): string => `tenant:${tenantId}:payable`;
/** What a publisher is to be paid: its balance is a credit, so it is below zero. */
export const publisherAccount = (publisher: string): string => `publisher:${publisher}:payable`;

/** What the platform was paid in advance. */
export const PLATFORM_CASH = 'platform:cash';
/** What a tenant has paid in advance and not used: its balance is a credit, so it is below zero. */
export const creditAccount = (tenantId: string): string => `tenant:${tenantId}:credit`;

/** Returns the legs of a top-up of prepaid credit. */
export const legsOfTopUp = (tenantId: string, currency: string, amount: string): readonly LedgerLeg[] => [
  { account: PLATFORM_CASH, currency, amount: moneyOf(unitsOf(amount)) },
  { account: creditAccount(tenantId), currency, amount: opposite(amount) },
];

/** Returns the legs of what prepaid credit pays: the tenant owes less by it. */
export const legsOfDraw = (tenantId: string, currency: string, amount: string): readonly LedgerLeg[] => [
  { account: creditAccount(tenantId), currency, amount: moneyOf(unitsOf(amount)) },
  { account: tenantAccount(tenantId), currency, amount: opposite(amount) },
];

/** Returns the pending legs of a use that prepaid credit pays. None for an amount of zero. */
export const legsOfPrepaidUse = (tenantId: string, currency: string, amount: string): readonly LedgerLeg[] =>
  legsOfUse(tenantId, currency, amount).map((leg) =>
    leg.account === tenantAccount(tenantId) ? { ...leg, account: creditAccount(tenantId) } : leg,
  );

/** Returns the legs of a use: the tenant owes it, the platform earns it. None for an amount of zero. */
export const legsOfUse = (tenantId: string, currency: string, amount: string): readonly LedgerLeg[] =>
  isZero(amount)
    ? []
    : [
        { account: tenantAccount(tenantId), currency, amount: moneyOf(unitsOf(amount)) },
        { account: PLATFORM_REVENUE, currency, amount: opposite(amount) },
      ];

/** Returns the legs with the opposite signs. */
export const reversed = (legs: readonly LedgerLeg[]): readonly LedgerLeg[] =>
  legs.map((leg) => ({ ...leg, amount: opposite(leg.amount) }));

/** Returns what legs move, by account and currency. Ordered by both; without zeros. */
export function net(legs: readonly LedgerLeg[]): readonly LedgerLeg[] {
  const sums = new Map<string, LedgerLeg>();
  for (const { account, currency, amount } of legs) {
    const key = JSON.stringify([account, currency]);
    const units = unitsOf(sums.get(key)?.amount ?? NO_MONEY) + unitsOf(amount);
    sums.set(key, { account, currency, amount: moneyOf(units) });
  }
  return [...sums]
    .filter(([, { amount }]) => !isZero(amount))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, leg]) => leg);
}

/** Returns true when the legs add up to zero in each currency. */
export const balances = (legs: readonly LedgerLeg[]): boolean =>
  net(legs.map((leg) => ({ ...leg, account: '' }))).length === 0;

/** Part of the price of a capsule that is its publisher's. */
export const PUBLISHER_SHARE = '0.8';

/** An install of a capsule, or a run of one, that costs something. */
export interface PaidInstall {
  /** Decimal of at most nine fraction digits; not below zero. */
  readonly price: string;
  readonly currency: string;
  readonly publisher: string;
  readonly tenant: string;
  /** Part of the price that is the publisher's, from 0 to 1: a decimal of at most nine fraction digits. */
  readonly share: string;
}

/**
 * Returns the legs of an install or a run in one transaction: the tenant owes the price, the publisher gets its share, rounded
 * down to a billionth, and the platform earns the rest. Throws RangeError for a price below zero or a share beyond 0 to 1.
 */
export function postingsOfInstall({ price, currency, publisher, tenant, share }: PaidInstall): readonly LedgerLeg[] {
  const owed = unitsOf(price);
  const part = unitsOf(share);
  const one = unitsOf('1');
  if (owed < 0n) throw new RangeError(`the price ${price} is below zero`);
  if (part < 0n || part > one) throw new RangeError(`the share ${share} is not from 0 to 1`);
  const published = (owed * part) / one;
  const legs = [
    { account: tenantAccount(tenant), currency, amount: moneyOf(owed) },
    { account: publisherAccount(publisher), currency, amount: moneyOf(-published) },
    { account: PLATFORM_REVENUE, currency, amount: moneyOf(published - owed) },
  ];
  return legs.filter(({ amount }) => !isZero(amount));
}
