import { PUBLISHER_SHARE, postingsOfInstall } from '../../schemas/contexts/billing/accounts.ts';
import { unitsOf } from '../../schemas/contexts/billing/money.ts';
import { noUse } from '../../schemas/contexts/billing/use.ts';
import { publisherOf } from '../../schemas/contexts/capsules.ts';
import {
  type AgentRunStarted,
  type CapsuleInstalled,
  type CapsulePrice,
  ledgerPosted,
} from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, type Processor, processor, type RecordOf, type RecordsOf } from '../kernel.ts';
import { standsAlone } from './stands-alone.ts';

const NAME = 'capsule-charges';
const inputs = [topics.capsulesInstalls, topics.agentsEvents] as const;
type Input = RecordsOf<typeof inputs>;

/** A sale of a capsule: one install, or one run. */
interface Sale {
  readonly kind: 'install' | 'run';
  readonly chargeId: string;
  readonly tenantId: string;
  readonly capsuleId: string;
  readonly publisher: string;
  readonly price: CapsulePrice;
}

const saleOfInstall = ({ installId, decisionId, tenantId, pin }: CapsuleInstalled): Sale => {
  const { capsuleId, publisher, price } = pin;
  return { kind: 'install', chargeId: `${installId}@${decisionId}`, tenantId, capsuleId, publisher, price };
};

/** Returns what a start sells; null for a run of no capsule, and for one that another run started. */
function saleOfRun({ runId, tenantId, capsule, parent }: AgentRunStarted): Sale | null {
  if (capsule === null || capsule.price === null || parent !== null) return null;
  const { installId, capsuleId, price } = capsule;
  const chargeId = `${installId}/runs/${runId}`;
  return { kind: 'run', chargeId, tenantId, capsuleId, publisher: publisherOf(capsuleId), price };
}

/** Returns the transaction of a sale: the tenant owes the price, the publisher gets its share. None for a price of another meter or of zero. */
function posted(sale: Sale, { id, timeMs }: Pick<Meta, 'id' | 'timeMs'>): readonly RecordOf<'LedgerPosted'>[] {
  const { kind, chargeId, tenantId, capsuleId: resource, publisher, price } = sale;
  const { amount, currency, meter } = price;
  if (meter !== kind || unitsOf(amount) <= 0n) return [];
  const lines = [{ meter: `${kind}s`, resource, quantity: 1, unitPrice: amount, currency, amount }];
  return [
    ledgerPosted({
      ...{ chargeId, transactionId: derivedId(id, NAME, 'post'), tenantId, kind },
      ...{ ...standsAlone, lines, total: lines, causeId: id },
      legs: postingsOfInstall({ price: amount, currency, publisher, tenant: tenantId, share: PUBLISHER_SHARE }),
      use: { ...noUse, kind, resource, calls: 1, cost: amount, currency },
      ...{ usedAt: timeMs, reportedAt: timeMs, sessionId: null, by: null, reason: null },
    }),
  ];
}

/** Returns the charge of a record; null for one that sells nothing. */
function saleOf(record: Input): Sale | null {
  switch (record.type) {
    case 'CapsuleInstalled':
      return saleOfInstall(record.data);
    case 'AgentRunStarted':
      return saleOfRun(record.data);
    default:
      return null;
  }
}

/**
 * Charges installs and runs of capsules, in the transaction that makes them. It keeps no state: an install is decided once
 * and a run is started once, so each is charged once. Simulated records sell nothing.
 */
export const capsuleCharges: Processor = processor({
  name: NAME,
  inputs,
  outputs: [topics.billingLedger],
  key: (record, { simulation }) => (simulation === undefined ? (saleOf(record)?.chargeId ?? null) : null),
  decide: (_, record, meta) => {
    const sale = saleOf(record);
    return sale === null ? [] : posted(sale, meta);
  },
});
