import { z } from 'zod';
import { TENANT_WEIGHT_MAX } from '../../../../schemas/contexts/identity/entries.ts';
import { page } from '../../../shared/paging.ts';
import { tenantId } from '../../../shared/resource/scope.ts';
import { displayName, version } from '../fields.ts';

const budget = z
  .strictObject({
    window: z
      .enum(['session', 'day', 'total', 'unknown'])
      .meta({ description: '`unknown` appears only in answers: a window that this version does not know' }),
    tokens_max: z
      .int()
      .min(0)
      .max(1_000_000_000_000)
      .nullable()
      .default(null)
      .meta({ description: 'Maximum number of tokens; null without a limit' }),
    cost_max: z
      .string()
      .regex(/^\d{1,9}(\.\d{1,9})?$/, 'Expected a decimal with at most 9 decimal places')
      .nullable()
      .default(null)
      .meta({ description: 'Maximum cost, a decimal; null without a limit', examples: ['25.00'] }),
  })
  .meta({
    id: 'BudgetLimit',
    description: 'Limit of each session, of the tenant per day in UTC, or of the tenant in total',
  });

const settings = z
  .strictObject({
    models: z
      .array(z.string().min(1).max(200))
      .max(100)
      .default(['*'])
      .meta({ description: 'Models that requests may name; `*` for any model that the constitution allows' }),
    budgets: z
      .array(budget)
      .max(3)
      .refine(
        (all) => new Set(all.map(({ window }) => window)).size === all.length,
        'Expected at most one budget per window',
      )
      .default([])
      .meta({ description: 'At most one per window; an empty list sets no limit' }),
    retention_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(null)
      .meta({ description: 'Days for which personal content is kept; null for the retention of the topics' }),
    lane: z
      .enum(['interactive', 'batch'])
      .default('interactive')
      .meta({ description: 'Lane of the work of the tenant' }),
    weight: z.int().min(1).max(TENANT_WEIGHT_MAX).default(1).meta({
      description:
        'Share of each worker beside other tenants with work in the same lane: with 3, three times that of 1',
    }),
  })
  .meta({ id: 'TenantSettings' });

const tenantChange = {
  name: displayName,
  status: z
    .enum(['active', 'suspended'])
    .default('active')
    .meta({ description: 'Every gateway refuses a suspended tenant' }),
  settings: settings.prefault({}).meta({ description: 'Settings; an omitted one gets its default' }),
};
/** Body of a creation. */
export const createTenantBody = z
  .strictObject({ tenant_id: tenantId, ...tenantChange })
  .meta({ id: 'CreateTenant', examples: [{ tenant_id: 'search-team', name: 'The search team' }] });
/** Body of a change. */
export const changeTenantBody = z.strictObject(tenantChange).meta({
  id: 'ChangeTenant',
  examples: [{ name: 'The search team', settings: { budgets: [{ window: 'day', tokens_max: 1_000_000 }] } }],
});
/** Schema of a tenant. */
export const tenantBody = z
  .object({
    tenant_id: z.string().meta({ description: 'Id of the tenant' }),
    version,
    name: z.string().meta({ description: 'Display name' }),
    status: tenantChange.status,
    settings,
  })
  .meta({ id: 'Tenant' });
/** Schema of a page of tenants. */
export const tenantPage = page(tenantBody, 'TenantPage');
