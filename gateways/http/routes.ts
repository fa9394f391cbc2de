import type { App } from '../shared/app-type.ts';
import type { GatewayServices } from '../shared/services.ts';
import { budgetRoute } from './budget-route.ts';
import { constitutionRoutes } from './constitution-routes.ts';
import { constitutionSteps } from './constitution-steps.ts';
import { identityRoutes } from './identity/routes.ts';
import { killSwitchRoutes } from './kill-switch-routes.ts';
import { queryRoutes } from './query-routes.ts';
import { revocationRoute } from './revocation-route.ts';
import { startRoute } from './start-route.ts';
import { submitRoute } from './submit-route.ts';
import { tokenRoute } from './token-route.ts';

/** Topics whose events this gateway listens to. */
export const httpTopics = [
  'sessions.events',
  'killswitch.events',
  'access.events',
  'constitution.events',
  'identity.events',
] as const;

/** Commands and queries of sessions, constitutions, the kill switch, what takes tokens back, and who there is. */
export function httpRoutes(app: App, services: GatewayServices): void {
  startRoute(app, services);
  submitRoute(app, services);
  tokenRoute(app, services);
  queryRoutes(app, services);
  killSwitchRoutes(app, services);
  revocationRoute(app, services);
  budgetRoute(app, services);
  identityRoutes(app, services);
  constitutionRoutes(app, services);
  constitutionSteps(app, services);
}
