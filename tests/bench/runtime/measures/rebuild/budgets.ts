import { budgets } from '../../../../../projections/budgets/projection.ts';
import { type AnyRecord, leaseSettled } from '../../../../../schemas/generated/records.ts';
import { topics } from '../../../../../schemas/topics.ts';
import { placeOf } from '../../../../../streams/kernel/place.ts';
import { event, type RebuiltView, timeMsOf, uuidOf } from './view.ts';

const REQUESTS_PER_TENANT = 500;
const USED = { tokens: 80, cost: '0.000016000' };

const tenantOf = (index: number): string => `tenant-${Math.floor(index / REQUESTS_PER_TENANT)}`;

/** Returns the use of a request: a row of each table. */
function recordOf(index: number): AnyRecord {
  const requestId = uuidOf(index);
  const tenantId = tenantOf(index);
  const day = new Date(timeMsOf(index)).toISOString().slice(0, 10);
  const released = { tokensReleased: USED.tokens, costReleased: USED.cost };
  const place = placeOf(tenantId, requestId, 16);
  return leaseSettled({ costDrawn: null, tenantId, place, requestId, outcome: 'used', ...USED, ...released, day });
}

/** The narrow view: tables of seven and five columns. */
export const budgetsView: RebuiltView = {
  what: 'rebuild of the view `budgets` (narrow: tables of seven and five columns)',
  projection: budgets,
  topic: topics.budgetEvents.name,
  eventOf: (decoder, index) =>
    event(decoder, topics.budgetEvents.name, index, {
      key: tenantOf(index),
      tenantId: tenantOf(index),
      record: recordOf(index),
    }),
  sums: [
    { table: 'budget_accounts', column: 'tokens_spent', of: (events) => events * USED.tokens },
    { table: 'budget_accounts', column: 'tokens_held', of: () => 0 },
    { table: 'budget_accounts', column: 'requests_open', of: () => 0 },
    { table: 'budget_days', column: 'requests', of: (events) => events },
  ],
  copyColumns: `
    tenant_id text, tokens_spent bigint, cost_spent numeric(18, 9), tokens_held bigint, cost_held numeric(18, 9),
    requests_open bigint, updated_at timestamptz`,
  copyLine(index) {
    const at = new Date(timeMsOf(index)).toISOString();
    return `${tenantOf(index)}\t${USED.tokens}\t${USED.cost}\t0\t0\t0\t${at}\n`;
  },
};
