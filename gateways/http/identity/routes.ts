import type { App } from '../../shared/app-type.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { principalRoutes } from './principal-routes.ts';
import { roleRoutes } from './role-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';

/** Who there is, and what they may do. Writes are commands; queries are answered from the directory that each gateway holds. */
export function identityRoutes(app: App, services: GatewayServices): void {
  tenantRoutes(app, services);
  roleRoutes(app, services);
  principalRoutes(app, services);
  apiKeyRoutes(app, services);
}
