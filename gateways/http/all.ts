import type { Route } from '../shared/route/route.ts';
import { contexts } from './generated/contexts.ts';

/** Every route of the http gateway. A context with a `<context>/routes.ts` is served. */
export const httpRoutes: readonly Route[] = Object.values<readonly Route[]>(contexts).flat();
