import type { Route } from '../shared/route/route.ts';
import { identitySignInRoutes } from './identity-sign-in.ts';
import { servePages } from './pages.ts';
import { type ConsoleServices, signInRoutes } from './sign-in.ts';

/** The console: its pages, and the sign-in that gives them a cookie. They reach the platform below `/console/api/v1/`. */
const consoleRoute: Route<ConsoleServices> = {
  outcomes: [],
  follows: [],
  register(app, services) {
    void app.register(async (own) => servePages(own as typeof app, services.config.consoleDir));
    signInRoutes(app, services);
    identitySignInRoutes(app, services);
  },
};

/** The routes of the console gateway. */
export const consoleRoutes: readonly Route<ConsoleServices>[] = [consoleRoute];
