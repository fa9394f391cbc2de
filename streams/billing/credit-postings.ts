import { legsOfDraw, legsOfTopUp } from '../../schemas/contexts/billing/accounts.ts';
import { isZero } from '../../schemas/contexts/billing/money.ts';
import { noUse } from '../../schemas/contexts/billing/use.ts';
import { type LedgerLeg, ledgerPosted } from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, type Processor, processor, type RecordOf, type RecordsOf } from '../kernel.ts';
import { standsAlone } from './stands-alone.ts';

const NAME = 'credit-postings';
const inputs = [topics.billingCredits, topics.policyMemory] as const;
type Input = RecordsOf<typeof inputs>;

/** What moves on the account of prepaid credit of a tenant. */
interface Move {
  readonly kind: 'top_up' | 'draw';
  readonly chargeId: string;
  readonly tenantId: string;
  readonly amount: string;
  readonly by: string | null;
  readonly reason: string | null;
}

/** Returns what a record moves; null for one that moves nothing. */
function moveOf(record: Input, tenantId: string): Move | null {
  switch (record.type) {
    case 'CreditToppedUp': {
      const { tenantId: payer, topUpId, amount, by, reason } = record.data;
      return { kind: 'top_up', chargeId: `top-ups/${topUpId}`, tenantId: payer, amount, by, reason };
    }
    case 'BudgetSettled': {
      const { requestId, costDrawn } = record.data;
      if (costDrawn === null || isZero(costDrawn)) return null;
      return { kind: 'draw', chargeId: `${requestId}/draw`, tenantId, amount: costDrawn, by: null, reason: null };
    }
    default:
      return null;
  }
}

const legsOf = ({ kind, tenantId, amount }: Move, currency: string): readonly LedgerLeg[] =>
  (kind === 'top_up' ? legsOfTopUp : legsOfDraw)(tenantId, currency, amount);

function posted(move: Move, { id, timeMs }: Pick<Meta, 'id' | 'timeMs'>, currency: string): RecordOf<'LedgerPosted'> {
  const { kind, chargeId, tenantId, amount: cost, by, reason } = move;
  return ledgerPosted({
    ...{ chargeId, transactionId: derivedId(id, NAME, 'post'), tenantId, kind, legs: legsOf(move, currency) },
    ...{ ...standsAlone, lines: [], total: [], causeId: id },
    use: { ...noUse, kind, cost, currency },
    ...{ usedAt: timeMs, reportedAt: timeMs, sessionId: null, by, reason },
  });
}

/**
 * Posts top-ups of prepaid credit, and what requests draw from it, in `currency`. It keeps no state: a top-up is added once and a
 * reservation is settled once, each by a processor with state. Simulated records move nothing.
 */
export const creditPostings = (currency: string): Processor =>
  processor({
    name: NAME,
    inputs,
    outputs: [topics.billingLedger],
    key: (record, { simulation, tenantId }) =>
      simulation === undefined ? (moveOf(record, tenantId)?.chargeId ?? null) : null,
    decide: (_, record, meta) => {
      const move = moveOf(record, meta.tenantId);
      return move === null ? [] : [posted(move, meta, currency)];
    },
  });
