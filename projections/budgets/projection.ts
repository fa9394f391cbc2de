import { topics } from '../../schemas/topics.ts';
import { assertNever, foldTable, instant, key, max, projection, row, sum } from '../kernel.ts';

/**
 * What tenants have used of their budgets and what their requests hold, from `policy.memory`: sums, each record counted
 * once. The same that policy decides by, a moment later.
 */
const accountsTable = foldTable('budget_accounts', {
  tenant_id: key('text'),
  tokens_spent: sum('bigint'),
  cost_spent: sum('numeric'),
  tokens_held: sum('bigint'),
  cost_held: sum('numeric'),
  /** Requests that have not ended. */
  requests_open: sum('bigint'),
  updated_at: max('timestamptz'),
});

const daysTable = foldTable('budget_days', {
  tenant_id: key('text'),
  day: key('date'),
  requests: sum('bigint'),
  tokens_spent: sum('bigint'),
  cost_spent: sum('numeric'),
});

const negative = (decimal: string): string => (decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`);

export const budgets = projection({
  name: 'budgets',
  version: 1,
  inputs: [topics.policyMemory],
  tables: [accountsTable, daysTable],
  apply({ type, data }, meta) {
    const account = { tenant_id: meta.tenantId, updated_at: instant(meta.timeMs) };
    switch (type) {
      case 'BudgetReserved':
        return [row(accountsTable, { ...account, tokens_held: data.tokens, cost_held: data.cost, requests_open: 1 })];
      case 'BudgetSettled': {
        const held = data.tokensReserved > 0;
        return [
          row(accountsTable, {
            ...account,
            tokens_spent: data.tokens,
            cost_spent: data.cost,
            tokens_held: -data.tokensReserved,
            cost_held: negative(data.costReserved),
            requests_open: held ? -1 : 0,
          }),
          row(daysTable, {
            tenant_id: meta.tenantId,
            day: data.day,
            requests: data.outcome === 'used' ? 1 : 0,
            tokens_spent: data.tokens,
            cost_spent: data.cost,
          }),
        ];
      }
      case 'SessionRemembered':
        return [];
      default:
        return assertNever(type);
    }
  },
});
