import { topics } from '../../schemas/topics.ts';
import { assertNever, foldTable, instant, key, max, projection, row, sum } from '../kernel.ts';

/**
 * Budget use per tenant, from the ledger in `budget.events`, and open reservations, from `policy.memory`: sums, each
 * record counted once. A lease that no request has reserved counts for neither: the next request can have it. The view
 * follows a moment later.
 */
const accountsTable = foldTable('budget_accounts', {
  tenant_id: key('text'),
  tokens_spent: sum('bigint'),
  cost_spent: sum('numeric'),
  tokens_held: sum('bigint'),
  cost_held: sum('numeric'),
  /** Number of requests that have not ended. */
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

const isAbove0 = (decimal: string): boolean => /^[^-]*[1-9]/.test(decimal);

/** Read model `budgets`. */
export const budgets = projection({
  name: 'budgets',
  version: 1,
  inputs: [topics.policyMemory, topics.budgetEvents],
  tables: [accountsTable, daysTable],
  apply({ type, data }, meta) {
    const account = { tenant_id: meta.tenantId, updated_at: instant(meta.timeMs) };
    switch (type) {
      case 'BudgetReserved':
        return [row(accountsTable, { ...account, tokens_held: data.tokens, cost_held: data.cost, requests_open: 1 })];
      case 'BudgetSettled':
        // Without a reservation, no request was counted as open.
        return data.tokensReserved > 0 || isAbove0(data.costReserved)
          ? [
              row(accountsTable, {
                ...account,
                tokens_held: -data.tokensReserved,
                cost_held: negative(data.costReserved),
                requests_open: -1,
              }),
            ]
          : [];
      case 'LeaseSettled':
        return [
          row(accountsTable, { ...account, tokens_spent: data.tokens, cost_spent: data.cost }),
          row(daysTable, {
            tenant_id: meta.tenantId,
            day: data.day,
            requests: data.outcome === 'used' ? 1 : 0,
            tokens_spent: data.tokens,
            cost_spent: data.cost,
          }),
        ];
      case 'LeaseRequested':
      case 'LeaseReceived':
      case 'LeaseGivenBack':
      case 'LeaseGranted':
      case 'LeaseAwaited':
      case 'LeaseDeferred':
      case 'LeaseRefused':
      case 'LeaseRecalled':
      case 'LeaseReturned':
      case 'SessionRemembered':
        return [];
      default:
        return assertNever(type);
    }
  },
});
