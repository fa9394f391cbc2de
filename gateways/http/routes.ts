import type { App } from '../shared/app-type.ts';
import type { GatewayServices } from '../shared/services.ts';
import { commandRoutes } from './command-routes.ts';
import { queryRoutes } from './query-routes.ts';

/** Topics whose events this gateway listens to. */
export const httpTopics = ['sessions.events'] as const;

/** Commands and queries of sessions. */
export function httpRoutes(app: App, services: GatewayServices): void {
  commandRoutes(app, services);
  queryRoutes(app, services);
}
