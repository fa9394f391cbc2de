import { namedResource, type Resource } from '../../governed-command.ts';

/** Prices of a million tokens: decimals with at most three fraction digits. */
export interface Prices {
  /** By name of the model; that of the default model under `default`. */
  readonly byModel: ReadonlyMap<string, string>;
  /** Of any other resource: the highest one. */
  readonly otherwise: string;
}

/** Returns the same price for every resource. */
export const flatPrice = (pricePerMillionTokens: string): Prices => ({
  byModel: new Map(),
  otherwise: pricePerMillionTokens,
});

/** Returns the price of a million tokens of a resource. Never throws. */
export function priceOf({ byModel, otherwise }: Prices, resource: Resource): string {
  const { type, id } = namedResource(resource);
  return (type === 'Model' ? byModel.get(id) : undefined) ?? otherwise;
}
