import type { Sql } from '../sql.ts';

export interface BudgetUse {
  readonly tokensSpent: number;
  readonly costSpent: string;
}

export interface BudgetAccountView extends BudgetUse {
  /** Tokens reserved for requests that have not ended. */
  readonly tokensHeld: number;
  readonly costHeld: string;
  readonly requestsOpen: number;
  readonly today: BudgetUse;
}

const nothing: BudgetUse = { tokensSpent: 0, costSpent: '0.000000000' };

/** Returns a tenant's budget use in total and on one day (YYYY-MM-DD, UTC). */
export async function budgetAccount(sql: Sql, tenantId: string, day: string): Promise<BudgetAccountView> {
  const [account] = await sql<Omit<BudgetAccountView, 'today'>[]>`
    SELECT tokens_spent::float8 AS "tokensSpent", cost_spent::text AS "costSpent", tokens_held::float8 AS "tokensHeld",
           cost_held::text AS "costHeld", requests_open::float8 AS "requestsOpen"
    FROM khipu.budget_accounts
    WHERE tenant_id = ${tenantId}`;
  const [today] = await sql<BudgetUse[]>`
    SELECT tokens_spent::float8 AS "tokensSpent", cost_spent::text AS "costSpent"
    FROM khipu.budget_days
    WHERE tenant_id = ${tenantId} AND day = ${day}::text::date`;
  const none = { ...nothing, tokensHeld: 0, costHeld: nothing.costSpent, requestsOpen: 0 };
  return { ...(account ?? none), today: today ?? nothing };
}
