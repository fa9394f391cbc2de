import type { z } from 'zod';
import { encodePositionToken } from '../../../infra/projections/position-token.ts';
import type { BalanceView, TransactionRow } from '../../../projections/ledger/queries.ts';
import { moneyOf, NO_MONEY, opposite, total, unitsOf } from '../../../schemas/contexts/billing/money.ts';
import { METERS } from '../../../schemas/contexts/billing/prices.ts';
import { TIER_MODES } from '../../../schemas/contexts/billing/tiers.ts';
import type { LedgerLeg, LedgerLine, Price, PriceTiers, PriceVersion } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { topics } from '../../../schemas/topics.ts';
import type { accountBody, creditBody, pricesBody, transactionBody } from './schemas.ts';

type Line = z.infer<typeof transactionBody>['lines'][number];

/** Returns a line of a record. */
export const lineOf = ({ unitPrice: unit_price, ...line }: LedgerLine): Line => ({ ...line, unit_price });

/** Returns a transaction as the read model has it. */
export const transactionOf = (row: TransactionRow): z.infer<typeof transactionBody> => ({
  ...{ transaction_id: row.transaction_id, charge_id: row.charge_id ?? '', kind: row.kind ?? '' },
  legs: [...((row.legs ?? []) as LedgerLeg[])],
  lines: [...((row.lines ?? []) as Line[])],
  ...{ price_version: row.price_version, settles: row.settles, corrects: row.corrects, cause_id: row.cause_id ?? '' },
  ...{ session_id: row.session_id, by: row.by, reason: row.reason },
  ...{ used_at: row.used_at ?? '', recorded_at: row.recorded_at ?? '' },
  position: encodePositionToken({
    ...{ topic: topics.billingLedger.name, partition: row.log_partition ?? 0, offset: row.log_offset ?? 0 },
  }),
});

/** Returns the credit of a tenant from the balances of its credit and of what it paid; absent ones before the first top-up. */
export function creditOf(
  tenant: string,
  credit: BalanceView | undefined,
  paid: BalanceView | undefined,
): z.infer<typeof creditBody> {
  const { posted, pending, currency } = credit ?? { posted: NO_MONEY, pending: NO_MONEY, currency: null };
  const toppedUp = paid?.posted ?? NO_MONEY;
  return {
    ...{ tenant, prepaid: credit !== undefined, currency, topped_up: moneyOf(unitsOf(toppedUp)) },
    ...{ drawn: total([toppedUp, posted]), held: moneyOf(unitsOf(pending)) },
    left: opposite(total([posted, pending])),
  };
}

/** Returns accounts with their balances, ordered by account and currency. */
export function accountsOf(balances: readonly BalanceView[], asOf: Date): z.infer<typeof accountBody>[] {
  const accounts = [...new Set(balances.map(({ account }) => account))];
  return accounts.map((account) => ({
    ...{ account, as_of: isoOf(asOf.getTime()) },
    balances: balances
      .filter((each) => each.account === account)
      .map(({ currency, posted: balance, pending }) => ({ currency, balance, pending })),
  }));
}

type PriceBody = z.infer<typeof pricesBody>['prices'][number];

function tiersOf(tiers: PriceTiers | null): PriceBody['tiers'] {
  const mode = TIER_MODES.find((each) => each === tiers?.mode);
  if (tiers === null || mode === undefined) return null;
  return { mode, steps: tiers.steps.map(({ above, unitPrice: unit_price }) => ({ above, unit_price })) };
}

/** Returns the prices of a body. */
export const pricesIn = (prices: readonly PriceBody[]): readonly Price[] =>
  prices.map(({ meter, resource, unit_price: unitPrice, tiers }) => ({
    ...{ meter, resource, unitPrice },
    tiers:
      tiers === null
        ? null
        : { mode: tiers.mode, steps: tiers.steps.map(({ above, unit_price: price }) => ({ above, unitPrice: price })) },
  }));

/** Returns a version of the prices. */
export const pricesOf = ({
  version,
  effectiveFrom,
  currency,
  prices,
  note,
}: Omit<PriceVersion, 'versionId'>): z.infer<typeof pricesBody> => ({
  ...{ version, effective_from: isoOf(effectiveFrom), currency, note },
  prices: prices.flatMap(({ meter, resource, unitPrice: unit_price, tiers }) => {
    const known = METERS.find((each) => each === meter);
    return known === undefined ? [] : [{ meter: known, resource, unit_price, tiers: tiersOf(tiers) }];
  }),
});
