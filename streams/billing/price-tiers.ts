import { legsOfUse, net } from '../../schemas/contexts/billing/accounts.ts';
import { total } from '../../schemas/contexts/billing/money.ts';
import { type PriceVersions, takenBack } from '../../schemas/contexts/billing/prices.ts';
import { tierDifference, tierLines, tierOf } from '../../schemas/contexts/billing/tiers.ts';
import { noUse } from '../../schemas/contexts/billing/use.ts';
import { type LedgerLine, ledgerPosted } from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { prices as table } from '../tables/prices.ts';

const NAME = 'price-tiers';

/** What a month counts of a price with tiers, and the difference that is posted for it. */
export interface TierState {
  /** Units, of all charges. */
  readonly quantity: number;
  readonly lines: readonly LedgerLine[];
  /** Latest transaction; null before the first. */
  readonly transactionId: string | null;
}

const initial: TierState = { quantity: 0, lines: [], transactionId: null };

/** Largest count that our Avro codec keeps exactly. */
const QUANTITY_MAX = 2 ** 52 - 1;
const bounded = (quantity: number): number => Math.max(-QUANTITY_MAX, Math.min(QUANTITY_MAX, quantity)) + 0;

/**
 * Returns the transaction that makes a month right: what its units cost by their tiers, beyond what the charges posted, against what
 * stood. So every order of charges and corrections ends at the same sum. The count is part of it, also where the sum stays.
 */
export function decide(
  state: TierState,
  { data }: RecordOf<'TakeTieredUse'>,
  { id, timeMs }: Pick<Meta, 'id' | 'timeMs'>,
  { prices }: { readonly prices: PriceVersions },
): readonly RecordOf<'LedgerPosted'>[] {
  const { tierId: chargeId, tenantId, meter, resource, priceVersion, usedAt } = data;
  const version = prices.get(priceVersion);
  const price = version?.prices.find((each) => each.meter === meter && each.resource === resource);
  const tier = tierOf(prices, { meter, resource }, { tenantId, version: priceVersion, usedAt });
  if (version === undefined || price === undefined || tier === null) return [];
  const { currency } = version;
  const quantity = bounded(state.quantity + data.quantity);
  const now = tierLines(tier, tierDifference(price, quantity), currency);
  const isSame = JSON.stringify(now) === JSON.stringify(state.lines);
  const lines = isSame ? [] : [...takenBack(state.lines), ...now];
  return [
    ledgerPosted({
      ...{ chargeId, transactionId: derivedId(id, NAME, 'post'), tenantId, kind: 'tier', lines, total: now },
      legs: net(lines.flatMap((line) => legsOfUse(tenantId, line.currency, line.amount))),
      ...{ released: [], settles: null, corrects: state.transactionId, replaces: null, causeId: id, priceVersion },
      use: {
        ...noUse,
        kind: 'tier',
        resource,
        calls: quantity,
        cost: total(now.map(({ amount }) => amount)),
        currency,
      },
      ...{ rank: 0, usedAt, reportedAt: timeMs, sessionId: null, by: null, reason: null },
    }),
  ];
}

/** Folds one transaction into the count of its month. Transactions of other kinds are those of other charges. */
export function evolve(state: TierState, { type, data }: AnyRecord): TierState {
  if (type !== 'LedgerPosted' || data.kind !== 'tier') return state;
  return { quantity: data.use.calls, lines: data.total, transactionId: data.transactionId };
}

/** Posts what tiers of prices change in the month of a tenant. State: 300 bytes a month and price. Source: ADR 0056. */
export const priceTiers: Processor = processor({
  name: NAME,
  inputs: [topics.billingTieredUse],
  outputs: [topics.billingLedger],
  tables: { prices: table },
  state: topics.priceTiersState,
  initial,
  finished: ({ transactionId }) => transactionId === null,
  key: ({ data }) => data.tierId,
  decide,
  evolve,
});
