import type { ProviderDeclaration } from './provider-declaration.ts';

/** A model by name, with its providers. */
export interface RegisteredModel {
  readonly name: string;
  /** In the order in which they are asked: a later one answers when an earlier one cannot. At least one. */
  readonly providers: readonly [ProviderDeclaration, ...ProviderDeclaration[]];
}

/**
 * The models of all declared providers, by name. A model that several providers declare is one model for rules, budgets
 * and kill switches: a decision on its name covers each of them.
 */
export class ModelRegistry {
  readonly #byName: ReadonlyMap<string, RegisteredModel>;

  constructor(providers: readonly ProviderDeclaration[]) {
    const byName = new Map<string, RegisteredModel>();
    for (const provider of providers)
      for (const { name } of provider.models) {
        const known = byName.get(name);
        byName.set(name, { name, providers: known === undefined ? [provider] : [...known.providers, provider] });
      }
    this.#byName = byName;
  }

  /** Every model, in the order of the declarations. The first answers requests that name none. */
  get models(): readonly RegisteredModel[] {
    return [...this.#byName.values()];
  }

  /** Returns the model of a name; undefined when no provider declares it. */
  find(name: string): RegisteredModel | undefined {
    return this.#byName.get(name);
  }
}

/** Returns the highest price of a million tokens among providers: the one that a budget must cover. */
export const highestPrice = (providers: readonly [ProviderDeclaration, ...ProviderDeclaration[]]): string =>
  // Nine digits: exact as a number.
  providers.reduce((highest, each) =>
    Number(each.pricePerMillionTokens) > Number(highest.pricePerMillionTokens) ? each : highest,
  ).pricePerMillionTokens;
