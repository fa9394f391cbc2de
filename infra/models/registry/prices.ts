import { DEFAULT_MODEL } from '../../../schemas/contexts/slm/models.ts';
import type { Prices } from '../../../schemas/contexts/slm/prices.ts';
import { highestPrice, ModelRegistry } from './model-registry.ts';
import type { ProviderDeclaration } from './provider-declaration.ts';

/** Returns the prices that policy reserves: of each model, the highest among its providers, since any of them may answer. */
export function pricesOf(providers: readonly ProviderDeclaration[]): Prices {
  const { models } = new ModelRegistry(providers);
  const byModel = new Map(models.map(({ name, providers: own }) => [name, highestPrice(own)]));
  const [first, ...others] = providers;
  const [model] = models;
  if (first === undefined || model === undefined) return { byModel, otherwise: '0' };
  byModel.set(DEFAULT_MODEL, highestPrice(model.providers));
  return { byModel, otherwise: highestPrice([first, ...others]) };
}
