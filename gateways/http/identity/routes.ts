import type { App } from '../../shared/app-type.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { roleRoutes } from './role-routes.ts';
import { serviceAccountRoutes } from './service-account-routes.ts';
import { tenantRoutes } from './tenant-routes.ts';
import { userRoutes } from './user-routes.ts';

/** Who there is, and what they may do. Writes are commands; queries are answered from the directory that each gateway holds. */
export function identityRoutes(app: App, services: GatewayServices): void {
  tenantRoutes(app, services);
  roleRoutes(app, services);
  userRoutes(app, services);
  serviceAccountRoutes(app, services);
  apiKeyRoutes(app, services);
}
