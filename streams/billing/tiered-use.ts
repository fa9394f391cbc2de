import { creditPlace } from '../../schemas/contexts/billing/credit.ts';
import type { PriceVersions } from '../../schemas/contexts/billing/prices.ts';
import { type Tier, tierOf } from '../../schemas/contexts/billing/tiers.ts';
import { type LedgerPosted, type ReplacedCharge, takeTieredUse } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Processor, processor, type RecordOf } from '../kernel.ts';
import { prices as table } from '../tables/prices.ts';

/** A charge from now on, or as it was before. */
type Charge = ReplacedCharge;

const METERED: ReadonlySet<string> = new Set(['charge', 'adjustment', 'reversal']);

/**
 * Returns the units that a transaction adds to what months count, and takes back from it: the charge as it is now against the
 * charge as it was, since a report that comes late may move it to another month or version. Nothing for what stays.
 */
export function tieredUse(known: PriceVersions, posted: LedgerPosted): readonly RecordOf<'TakeTieredUse'>[] {
  const { tenantId, total, priceVersion, usedAt, replaces } = posted;
  const counted = new Map<string, { readonly tier: Tier; readonly usedAt: number; readonly quantity: number }>();
  const count = (charge: Charge, sign: 1 | -1): void => {
    const { priceVersion: version } = charge;
    for (const line of charge.total) {
      const tier = tierOf(known, line, { tenantId, version, usedAt: charge.usedAt });
      if (tier === null) continue;
      const before = counted.get(tier.tierId)?.quantity ?? 0;
      counted.set(tier.tierId, { tier, usedAt: charge.usedAt, quantity: before + sign * line.quantity });
    }
  };
  if (replaces !== null) count(replaces, -1);
  count({ total, priceVersion, usedAt }, 1);
  return [...counted.values()].flatMap(({ tier: { tierId, meter, resource, version }, usedAt: at, quantity }) =>
    quantity === 0
      ? []
      : [
          takeTieredUse({
            ...{ tierId, place: creditPlace(tenantId), tenantId, meter, resource, priceVersion: version },
            ...{ quantity, usedAt: at },
          }),
        ],
  );
}

/** Hands the use of prices with tiers to the place that counts the months of its tenant. It keeps no state. */
export const tieredUseProcessor: Processor = processor({
  name: 'tiered-use',
  inputs: [topics.billingLedger],
  outputs: [topics.billingTieredUse],
  tables: { prices: table },
  key: (record) => (record.type === 'LedgerPosted' && METERED.has(record.data.kind) ? record.data.chargeId : null),
  decide: (_, record, __, { prices }) => (record.type === 'LedgerPosted' ? tieredUse(prices, record.data) : []),
});
