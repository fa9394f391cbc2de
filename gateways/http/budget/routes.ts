import { Problem } from '../../shared/problems/problem.ts';
import { requireManager, tenantQuery } from '../../shared/resource/scope.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { budgetsBody } from './schemas.ts';
import { budgetsOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel' | 'tables'>>();

const getBudgets = endpoint({
  operationId: 'getBudgets',
  tag: 'operations',
  summary: 'Get the budgets of the tenant: limits, spent and remaining amounts',
  description:
    'Remaining amounts subtract the reservations of open requests. Spending counts from the first budget of the tenant on. The read model may lag the ledger that decides by a moment.',
  url: '/v1/budgets',
  auth: 'any',
  query: tenantQuery,
  // Every caller of a tenant may see its budgets.
  takes: ({ caller, query: { tenant = caller.tenantId } }) => {
    if (tenant !== caller.tenantId) requireManager({ caller, tenantId: tenant });
  },
  views: ['budgets'],
  response: budgetsBody,
  problems: ['TENANT_UNKNOWN'],
  answer: async ({ caller, query: { tenant = caller.tenantId }, services: { tables, readModel } }) => {
    const known = tables.tenants.value.get(tenant);
    if (known === undefined && tenant !== caller.tenantId)
      throw new Problem('TENANT_UNKNOWN', `There is no tenants/${tenant}`);
    const day = new Date().toISOString().slice(0, 10);
    return budgetsOf(day, known?.settings.budgets ?? [], await readModel.budget(tenant, day));
  },
});

/** Routes of budgets. Limits are part of the tenant's settings. */
export const budgetRoutes = [getBudgets];
