import { views } from './generated/views.ts';
import type { CacheProjection } from './kernel/cache.ts';
import type { Projection } from './kernel.ts';

/** Every read model. A context lists its own in schemas/contexts.ts; each is `<name>/projection.ts`. */
const all: readonly (Projection | CacheProjection)[] = views;

/** Every read model in Postgres. */
export const allProjections: readonly Projection[] = all.filter((view) => view.kind === 'projection');

/** Every read model in Redis. */
export const allCaches: readonly CacheProjection[] = all.filter((view) => view.kind === 'cache');
