import { z } from 'zod';
import { KEY_PREFIX, OVERLAP_S_MAX, PRINCIPAL, PRINCIPAL_ID, ROLE_NAME, TENANT_ID } from '../../../schemas/identity.ts';
import { capability, next, pageQuery } from '../schemas.ts';

const tenantId = z
  .string()
  .regex(TENANT_ID, 'Expected small letters, digits, dots, dashes and underscores')
  .meta({ examples: ['acme'] });
const roleName = z
  .string()
  .regex(ROLE_NAME, 'Expected small letters, digits, dots, dashes and underscores')
  .meta({ examples: ['reader'] });
const principalId = z
  .string()
  .regex(PRINCIPAL_ID, 'Expected 1 to 100 visible ASCII characters that begin with a letter or digit')
  .meta({ examples: ['ana'] });
const name = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'What people call it', examples: ['The search team'] });
const version = z.int().meta({ description: 'Counts its changes, from 1; the ETag is the same in quotes' });
const status = z.enum(['active', 'disabled']);
const capabilities = z.array(capability).max(64);
const roles = z
  .array(roleName)
  .max(32)
  .meta({ description: 'Names of roles of its tenant', examples: [['reader']] });
const instant = z.string().nullable();
const page = <Item extends z.ZodType>(item: Item, id: string) =>
  z.object({ items: z.array(item), next_cursor: next }).meta({ id });

/** Which tenant's; operators name others than their own. */
const ofTenant = {
  tenant: tenantId
    .optional()
    .meta({ description: "The caller's own when left out; another takes identity:manage:<tenant>" }),
};
export const tenantQuery = z.object(ofTenant);
export const tenantPageQuery = z.object({ ...ofTenant, ...pageQuery });
export const plainPageQuery = z.object(pageQuery);

export const identityPending = z
  .object({ status: z.literal('pending'), detail: z.string() })
  .meta({ id: 'IdentityPending', description: 'The log has the command, there is no outcome yet' });
export const PENDING = { status: 'pending', detail: 'The log has the command; ask again' } as const;

const budget = z
  .strictObject({
    window: z.enum(['session', 'day', 'total']),
    tokens_max: z.int().min(0).max(1_000_000_000_000).nullable().default(null),
    cost_max: z
      .string()
      .regex(/^\d{1,9}(\.\d{1,9})?$/, 'Expected a decimal with at most 9 digits behind the point')
      .nullable()
      .default(null)
      .meta({ description: 'Money: a decimal', examples: ['25.00'] }),
  })
  .meta({ id: 'BudgetLimit', description: 'Each session; the tenant on each day of UTC; the tenant for ever' });

const settings = z
  .strictObject({
    models: z
      .array(z.string().min(1).max(200))
      .max(100)
      .default(['*'])
      .meta({ description: 'Models that may be asked for; `*` for any that the constitution allows' }),
    budgets: z
      .array(budget)
      .max(3)
      .refine((all) => new Set(all.map(({ window }) => window)).size === all.length, 'Expected one budget a window')
      .default([])
      .meta({ description: 'At most one a window; none sets no limit' }),
    retention_days: z
      .int()
      .min(1)
      .max(36_500)
      .nullable()
      .default(null)
      .meta({ description: 'Days that personal content is kept; null for as long as the topics do' }),
    lane: z.enum(['interactive', 'batch']).default('interactive'),
  })
  .meta({ id: 'TenantSettings' });

const tenantChange = {
  name,
  status: z
    .enum(['active', 'suspended'])
    .default('active')
    .meta({ description: 'A suspended one is refused everywhere' }),
  settings: settings.prefault({}),
};
export const tenantParams = z.object({ tenant_id: tenantId });
export const createTenantBody = z
  .strictObject({ tenant_id: tenantId, ...tenantChange })
  .meta({ id: 'CreateTenant', examples: [{ tenant_id: 'acme', name: 'Acme' }] });
export const changeTenantBody = z
  .strictObject(tenantChange)
  .meta({ id: 'ChangeTenant', examples: [{ name: 'Acme', status: 'suspended' }] });
export const tenantBody = z
  .object({ tenant_id: z.string(), version, name: z.string(), status: tenantChange.status, settings })
  .meta({ id: 'Tenant' });
export const tenantPage = page(tenantBody, 'TenantPage');

const roleChange = {
  description: z.string().max(500).default('').meta({ description: 'What it is for' }),
  capabilities: capabilities.meta({
    description: "Each must be one of the caller's own",
    examples: [['slm:invoke:*']],
  }),
};
export const roleParams = z.object({ role: roleName });
export const createRoleBody = z
  .strictObject({ name: roleName, ...roleChange })
  .meta({ id: 'CreateRole', examples: [{ name: 'reader', capabilities: ['slm:invoke:*'] }] });
export const changeRoleBody = z
  .strictObject(roleChange)
  .meta({ id: 'ChangeRole', examples: [{ capabilities: ['slm:invoke:default'] }] });
export const roleBody = z
  .object({
    name: z.string(),
    tenant_id: z.string(),
    version,
    description: z.string(),
    capabilities: z.array(z.string()),
  })
  .meta({ id: 'Role' });
export const rolePage = page(roleBody, 'RolePage');

const principalChange = {
  name,
  status: status.default('active').meta({ description: 'A disabled one is refused everywhere' }),
  roles: roles.default([]),
};
const principalFacts = {
  tenant_id: z.string(),
  principal: z.string().meta({ description: 'How it is called elsewhere, such as in `owner` and in events' }),
  version,
  name: z.string(),
  status,
  roles: z.array(z.string()),
  capabilities: z.array(z.string()).meta({ description: 'What its roles give now' }),
};
export const changePrincipalBody = z
  .strictObject(principalChange)
  .meta({ id: 'ChangePrincipal', examples: [{ name: 'Ana', roles: ['reader'] }] });

export const userParams = z.object({ user_id: principalId });
export const createUserBody = z
  .strictObject({ user_id: principalId, ...principalChange })
  .meta({ id: 'CreateUser', examples: [{ user_id: 'ana', name: 'Ana', roles: ['reader'] }] });
export const userBody = z.object({ user_id: z.string(), ...principalFacts }).meta({ id: 'User' });
export const userPage = page(userBody, 'UserPage');

export const accountParams = z.object({ service_account_id: principalId });
export const createAccountBody = z.strictObject({ service_account_id: principalId, ...principalChange }).meta({
  id: 'CreateServiceAccount',
  examples: [{ service_account_id: 'search', name: 'Search', roles: ['reader'] }],
});
export const accountBody = z
  .object({ service_account_id: z.string(), ...principalFacts })
  .meta({ id: 'ServiceAccount' });
export const accountPage = page(accountBody, 'ServiceAccountPage');

export const keyParams = z.object({ key_id: z.string().regex(KEY_PREFIX, 'Expected 8 small letters and digits') });
export const createKeyBody = z
  .strictObject({
    name,
    owner: z
      .string()
      .regex(PRINCIPAL, 'Expected user: or service_account: and an id')
      .meta({ description: 'Who acts with it', examples: ['service_account:search'] }),
    capabilities: capabilities.optional().meta({
      description: "Bounds of what its owner may do with it, each the owner's; all that the owner may when left out",
    }),
  })
  .meta({ id: 'CreateApiKey', examples: [{ name: 'search in production', owner: 'service_account:search' }] });
export const rotateKeyBody = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(OVERLAP_S_MAX)
      .default(0)
      .meta({ description: 'Seconds that the former secret still counts; at most seven days' }),
  })
  .meta({ id: 'RotateApiKey', examples: [{ overlap_seconds: 3600 }] });
const keyFacts = {
  key_id: z.string().meta({ description: 'The part of the key behind `khp_`' }),
  tenant_id: z.string(),
  version,
  name: z.string(),
  owner: z.string(),
  capabilities: z.array(z.string()).nullable().meta({ description: 'Bounds of it; null for all that its owner may' }),
  status: z.enum(['active', 'revoked']),
  created_at: z.string(),
  rotated_at: instant,
  former_secret_until: instant.meta({ description: 'Until when the secret before the last rotation counts' }),
};
export const keyBody = z.object(keyFacts).meta({ id: 'ApiKey' });
export const keyTextBody = z
  .object({ ...keyFacts, key: z.string().meta({ description: 'The key. Shown here, and never again' }) })
  .meta({ id: 'ApiKeyWithText' });
export const keyPage = page(keyBody, 'ApiKeyPage');
