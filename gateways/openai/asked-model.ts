import { z } from 'zod';
import type { ModelRegistry } from '../../infra/models/registry/model-registry.ts';
import { DEFAULT_MODEL } from '../../schemas/contexts/slm/models.ts';
import { modelUnknown } from '../shared/models.ts';

/** Schema of the model in a body. */
export const modelName = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'A model of `GET /v1/models`; `default` for the default model' });

/** A model of a request: its name in commands, null for the default, and its name in answers. */
export interface AskedModel {
  readonly asked: string | null;
  readonly shown: string;
}

/** Returns the model of a request. Throws Problem MODEL_UNKNOWN for the default of a registry without models. */
export function modelOf(registry: Pick<ModelRegistry, 'models'>, name: string): AskedModel {
  if (name !== DEFAULT_MODEL) return { asked: name, shown: name };
  const [first] = registry.models;
  if (first === undefined) throw modelUnknown(registry, name);
  return { asked: null, shown: first.name };
}
