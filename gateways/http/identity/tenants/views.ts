import type { z } from 'zod';
import type { Tenant, TenantSettings } from '../../../../schemas/generated/records.ts';
import type { tenantBody } from './schemas.ts';

type TenantView = z.infer<typeof tenantBody>;

/** Returns the settings of a record, from a body. */
export const settingsFrom = (settings: TenantView['settings']): TenantSettings => ({
  models: settings.models,
  budgets: settings.budgets.map(({ window, tokens_max: tokensMax, cost_max: costMax }) => ({
    window,
    tokensMax,
    costMax,
  })),
  retentionDays: settings.retention_days,
  lane: settings.lane,
  weight: settings.weight,
});

/** Returns the body of a tenant. */
export const tenantView = ({ tenantId, version, name, status, settings }: Tenant): TenantView => ({
  tenant_id: tenantId,
  version,
  name,
  status,
  settings: {
    models: [...settings.models],
    budgets: settings.budgets.map(({ window, tokensMax, costMax }) => ({
      // No setting limits prepaid credit.
      window: window === 'credit' ? 'unknown' : window,
      tokens_max: tokensMax,
      cost_max: costMax,
    })),
    retention_days: settings.retentionDays,
    lane: settings.lane,
    weight: settings.weight,
  },
});
