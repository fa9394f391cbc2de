import type { z } from 'zod';
import { capabilitiesOfRoles, type Directory } from '../../../schemas/directory.ts';
import type { ApiKey, Principal, Role, Tenant, TenantSettings } from '../../../schemas/generated/records.ts';
import type { accountBody, keyBody, roleBody, tenantBody, userBody } from './schemas.ts';

type TenantView = z.infer<typeof tenantBody>;

export const settingsFrom = (settings: TenantView['settings']): TenantSettings => ({
  models: settings.models,
  budgets: settings.budgets.map(({ window, tokens_max: tokensMax, cost_max: costMax }) => ({
    window,
    tokensMax,
    costMax,
  })),
  retentionDays: settings.retention_days,
  lane: settings.lane,
});

export const tenantView = ({ tenantId, version, name, status, settings }: Tenant): TenantView => ({
  tenant_id: tenantId,
  version,
  name,
  status,
  settings: {
    models: [...settings.models],
    budgets: settings.budgets.map(({ window, tokensMax, costMax }) => ({
      window,
      tokens_max: tokensMax,
      cost_max: costMax,
    })),
    retention_days: settings.retentionDays,
    lane: settings.lane,
  },
});

export const roleView = ({ name, tenantId, version, description, capabilities }: Role): z.infer<typeof roleBody> => ({
  name,
  tenant_id: tenantId,
  version,
  description,
  capabilities: [...capabilities],
});

const principalFacts = (directory: Directory, principal: Principal) => ({
  tenant_id: principal.tenantId,
  principal: `${principal.kind}:${principal.principalId}`,
  version: principal.version,
  name: principal.name,
  // Who was removed is not shown at all.
  status: principal.status === 'active' ? ('active' as const) : ('disabled' as const),
  roles: [...principal.roles],
  capabilities: [...capabilitiesOfRoles(directory, principal.tenantId, principal.roles)],
});

export const userView = (directory: Directory, user: Principal): z.infer<typeof userBody> => ({
  user_id: user.principalId,
  ...principalFacts(directory, user),
});

export const accountView = (directory: Directory, account: Principal): z.infer<typeof accountBody> => ({
  service_account_id: account.principalId,
  ...principalFacts(directory, account),
});

export type PrincipalView = z.infer<typeof userBody> | z.infer<typeof accountBody>;

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export const keyView = (key: ApiKey): z.infer<typeof keyBody> => ({
  key_id: key.prefix,
  tenant_id: key.tenantId,
  version: key.version,
  name: key.name,
  owner: key.owner,
  capabilities: key.capabilities === null ? null : [...key.capabilities],
  status: key.status,
  created_at: new Date(key.createdAt).toISOString(),
  rotated_at: instant(key.rotatedAt),
  former_secret_until: instant(key.previousUntil),
});
