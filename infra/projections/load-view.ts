import { fileURLToPath } from 'node:url';
import type { Projection } from '../../projections/kernel.ts';
import { readMigrations } from '../postgres/migrate.ts';
import type { View } from './generation.ts';

/** A projection with the migrations that stand in its folder. */
export async function loadView(projection: Projection): Promise<View> {
  const folder = fileURLToPath(new URL(`../../projections/${projection.name}/migrations/`, import.meta.url));
  return { projection, migrations: await readMigrations(folder) };
}

export const loadViews = (projections: readonly Projection[]): Promise<readonly View[]> =>
  Promise.all(projections.map(loadView));
