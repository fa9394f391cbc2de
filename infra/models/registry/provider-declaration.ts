import { deterministicModelId } from '../deterministic/deterministic.ts';
import { modelIdOf } from '../local/model-id.ts';
import type { ProviderKind } from '../provider.ts';

/** A secret by reference: where a process finds it when it needs it. The value is never part of a declaration. */
export type SecretReference =
  | { readonly from: 'environment'; readonly name: string }
  | { readonly from: 'file'; readonly path: string };

/** A model of a provider. */
export interface DeclaredModel {
  /** Name in requests, rules and kill switches. */
  readonly name: string;
  /** Name at the provider. */
  readonly upstream: string;
}

/** A provider of models. The registry, the list of models, prices and the worker's adapters derive from its declaration. */
export interface ProviderDeclaration {
  /** Owner of its models in `GET /v1/models`; provider of the use that is metered. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** URL of its server; null for a model of this machine. */
  readonly baseUrl: string | null;
  /** File of its model; null for a server, and for the deterministic model. */
  readonly modelPath: string | null;
  /** Its models, each name once. */
  readonly models: readonly DeclaredModel[];
  /** Decimal, at most 3 digits after the point. */
  readonly pricePerMillionTokens: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The API key of its server; null for a server without authentication. */
  readonly secret: SecretReference | null;
}

/** The settings that declare a single provider. */
export interface ProviderSettings {
  readonly provider: ProviderKind;
  readonly modelPath: string | null;
  readonly baseUrl: string | null;
  /** Default model of a server; of a local model, its name: that of its file when null. */
  readonly model: string | null;
  /** Further models; ignored for a local model, whose file has one. */
  readonly models: readonly string[];
  readonly pricePerMillionTokens: string;
  readonly currency: string;
  readonly secret: SecretReference | null;
}

/** Returns a model that its provider knows by the same name. */
export const sameName = (name: string): DeclaredModel => ({ name, upstream: name });

/** Returns the name of the model that answers requests without one; null when the settings name none. */
function defaultModelOf({ provider, model, modelPath }: ProviderSettings): string | null {
  if (provider === 'deterministic') return deterministicModelId;
  return model ?? (modelPath === null ? null : modelIdOf(modelPath));
}

/** Returns the provider that the settings declare; its name is that of its kind. */
export function declaredProvider(settings: ProviderSettings): ProviderDeclaration {
  const { provider, baseUrl, modelPath, models, pricePerMillionTokens, currency, secret } = settings;
  const first = defaultModelOf(settings);
  const names = [...(first === null ? [] : [first]), ...(provider === 'local' ? [] : models)];
  return {
    ...{ name: provider, kind: provider, baseUrl, modelPath, pricePerMillionTokens, currency, secret },
    models: [...new Set(names)].map(sameName),
  };
}
