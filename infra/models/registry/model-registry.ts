import type { ProviderDeclaration } from './provider-declaration.ts';

/** A model by name, with its provider. */
export interface RegisteredModel {
  readonly name: string;
  readonly provider: ProviderDeclaration;
}

/** The models of all declared providers, by name. */
export class ModelRegistry {
  readonly #byName: ReadonlyMap<string, RegisteredModel>;

  /** Throws when two providers declare the same model: its name would not say which of them answers. */
  constructor(providers: readonly ProviderDeclaration[]) {
    const byName = new Map<string, RegisteredModel>();
    for (const provider of providers)
      for (const name of provider.models) {
        const other = byName.get(name)?.provider;
        if (other !== undefined && other !== provider)
          throw new Error(`the model ${name} is declared by ${other.name} and by ${provider.name}`);
        byName.set(name, { name, provider });
      }
    this.#byName = byName;
  }

  /** Every model, in the order of the declarations. */
  get models(): readonly RegisteredModel[] {
    return [...this.#byName.values()];
  }

  /** Returns the model of a name; undefined when no provider declares it. */
  find(name: string): RegisteredModel | undefined {
    return this.#byName.get(name);
  }
}
