import { audit } from './audit/projection.ts';
import { budgets } from './budgets/projection.ts';
import { constitution } from './constitution/projection.ts';
import { events } from './events/projection.ts';
import type { CacheProjection } from './kernel/cache.ts';
import type { Projection } from './kernel.ts';
import { liveTurns } from './live-turns/projection.ts';
import { sessions } from './sessions/projection.ts';
import { turns } from './turns/projection.ts';
import { usage } from './usage/projection.ts';

/** Every read model in Postgres. */
export const allProjections: readonly Projection[] = [events, sessions, turns, usage, budgets, audit];

/** Every read model in Redis. */
export const allCaches: readonly CacheProjection[] = [liveTurns, constitution];
