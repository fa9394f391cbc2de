import type { ModelRegistry } from '../../infra/models/registry/model-registry.ts';
import type { Resource } from '../../schemas/governed-command.ts';
import { Problem } from './problems/problem.ts';

/** Returns Problem MODEL_UNKNOWN with the names of all models. */
export function modelUnknown(registry: Pick<ModelRegistry, 'models'>, name: string): Problem {
  const models = registry.models.map((each) => each.name);
  return new Problem('MODEL_UNKNOWN', `There is no model ${name}; the models are ${models.join(', ')}`, {
    extensions: { models },
  });
}

/** Throws Problem MODEL_UNKNOWN for a model that no provider declares. */
export function requireModel(registry: Pick<ModelRegistry, 'models' | 'find'>, name: string): void {
  if (registry.find(name) === undefined) throw modelUnknown(registry, name);
}

/**
 * Returns a check that throws Problem MODEL_UNKNOWN for the resource of a governed command when it is a model that no
 * provider declares, before anything is appended: every model that policy sees exists. A command without a name gets the
 * default model.
 */
export const modelAdmission =
  (registry: Pick<ModelRegistry, 'models' | 'find'>) =>
  ({ type, id }: Resource): void => {
    if (type === 'Model' && id !== null) requireModel(registry, id);
  };
