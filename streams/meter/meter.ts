import { nothing } from '../../schemas/amount.ts';
import type { Tenants } from '../../schemas/directory.ts';
import { settleBudget } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { tenants } from '../kernel/directory.ts';
import { type Meta, processor, type RecordOf } from '../kernel.ts';

type Input = RecordOf<'SlmMetered' | 'TurnRefused'>;

/**
 * Every request that was reserved for ends in one of two ways: a model was asked, which is metered once whatever its end;
 * or its turn was refused although the policy had allowed it.
 */
function endOf(record: Input, { tenantId }: Pick<Meta, 'tenantId'>): RecordOf<'SettleBudget'> | null {
  if (record.type === 'SlmMetered') {
    const { requestId, tokensConsumed, cost } = record.data;
    return settleBudget({
      tenantId,
      requestId,
      outcome: 'used',
      tokens: tokensConsumed.prompt + tokensConsumed.completion,
      cost,
    });
  }
  const { turnId, decision } = record.data;
  return decision.outcome === 'allow'
    ? settleBudget({ tenantId, requestId: turnId, outcome: 'unused', ...nothing })
    : null;
}

const hasBudget = (known: Tenants, tenantId: string): boolean =>
  (known.get(tenantId)?.settings.budgets.length ?? 0) > 0;

/** Tells whoever keeps a tenant's budget that a request has ended: the same facts, by tenant. Stateless. */
export const meter = processor({
  name: 'meter',
  inputs: [topics.slmMetrics, topics.conversationEvents],
  outputs: [topics.budgetCommands],
  tables: { tenants },
  // What was reserved is given back a moment later; nobody waits for it.
  lingerMs: 20,
  key: (record, meta) => (record.type === 'SlmMetered' || record.type === 'TurnRefused' ? meta.key : null),
  decide(_, record, meta, { tenants: known }) {
    if (record.type !== 'SlmMetered' && record.type !== 'TurnRefused') return [];
    const end = hasBudget(known, meta.tenantId) ? endOf(record, meta) : null;
    return end === null ? [] : [end];
  },
});
