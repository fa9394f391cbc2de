import type { View } from '../../../gateways/shared/read-model.ts';
import { allProjections } from '../../../projections/all.ts';

/** Returns the input topics of a read model, as declared by its projection. Throws when there is no such projection. */
export function topicsOfView(view: View): readonly string[] {
  const projection = allProjections.find(({ name }) => name === view);
  if (projection === undefined) throw new Error(`no projection named ${view}`);
  return projection.inputs.map(({ name }) => name);
}
