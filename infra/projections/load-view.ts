import { fileURLToPath } from 'node:url';
import type { Projection } from '../../projections/kernel.ts';
import { readMigrations } from '../stores/postgres/migrate.ts';
import type { View } from './generation.ts';

/** Returns a projection with the migrations in its folder. Rejects with MigrationError when a file has a wrong name. */
export async function loadView(projection: Projection): Promise<View> {
  const folder = fileURLToPath(new URL(`../../projections/${projection.name}/migrations/`, import.meta.url));
  return { projection, migrations: await readMigrations(folder) };
}

/** Loads several projections, in parallel. */
export const loadViews = (projections: readonly Projection[]): Promise<readonly View[]> =>
  Promise.all(projections.map(loadView));
