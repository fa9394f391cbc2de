import { budgets } from '../../../../projections/budgets/projection.ts';
import { type AnyRecord, budgetReserved, budgetSettled } from '../../../../schemas/generated/records.ts';
import { topics } from '../../../../schemas/topics.ts';
import { event, type RebuiltView, timeMsOf, uuidOf } from './view.ts';

/** Every request is two events: what was reserved for it, and what it used. */
const REQUESTS_PER_TENANT = 500;
const RESERVED = { tokens: 100, cost: '0.000020000' };
const USED = { tokens: 80, cost: '0.000016000' };

const requestOf = (index: number): number => Math.floor(index / 2);
const tenantOf = (index: number): string => `tenant-${Math.floor(requestOf(index) / REQUESTS_PER_TENANT)}`;

function recordOf(index: number): AnyRecord {
  const requestId = uuidOf(requestOf(index));
  const tenantId = tenantOf(index);
  if (index % 2 === 0)
    return budgetReserved({ tenantId, requestId, decisionId: requestId, ...RESERVED, expiresAt: timeMsOf(index) });
  const day = new Date(timeMsOf(index)).toISOString().slice(0, 10);
  const given = { tokensReserved: RESERVED.tokens, costReserved: RESERVED.cost };
  return budgetSettled({ tenantId, requestId, outcome: 'used', ...USED, ...given, day });
}

/** The narrow one: seven columns and five. */
export const budgetsView: RebuiltView = {
  what: 'rebuild of the view `budgets` (narrow: tables of seven and five columns)',
  projection: budgets,
  topic: topics.policyMemory.name,
  eventOf: (decoder, index) =>
    event(decoder, topics.policyMemory.name, index, {
      key: tenantOf(index),
      tenantId: tenantOf(index),
      record: recordOf(index),
    }),
  sums: [
    { table: 'budget_accounts', column: 'tokens_spent', of: (events) => (events / 2) * USED.tokens },
    { table: 'budget_accounts', column: 'tokens_held', of: () => 0 },
    { table: 'budget_accounts', column: 'requests_open', of: () => 0 },
    { table: 'budget_days', column: 'requests', of: (events) => events / 2 },
  ],
  copyColumns: `
    tenant_id text, tokens_spent bigint, cost_spent numeric(18, 9), tokens_held bigint, cost_held numeric(18, 9),
    requests_open bigint, updated_at timestamptz`,
  copyLine(index) {
    const at = new Date(timeMsOf(index)).toISOString();
    return `${tenantOf(index)}\t${USED.tokens}\t${USED.cost}\t${RESERVED.tokens}\t${RESERVED.cost}\t1\t${at}\n`;
  },
};
