import { apiKeyRoutes } from './api-keys/routes.ts';
import { principalRoutes } from './principals/routes.ts';
import { roleRoutes } from './roles/routes.ts';
import { tenantRoutes } from './tenants/routes.ts';

/** Routes of tenants, roles, users, service accounts and API keys. Reads are answered from the tables of the gateway. */
export const identityRoutes = [...tenantRoutes, ...roleRoutes, ...principalRoutes, ...apiKeyRoutes];
