import { deterministicModelId } from '../deterministic/deterministic.ts';
import { modelIdOf } from '../local/model-id.ts';
import type { ProviderKind } from '../provider.ts';

/** A secret by reference: where a process finds it when it needs it. The value is never part of a declaration. */
export type SecretReference =
  | { readonly from: 'environment'; readonly name: string }
  | { readonly from: 'file'; readonly path: string };

/** A provider of models. The registry, the list of models and the worker's adapter derive from its declaration. */
export interface ProviderDeclaration {
  /** Owner of its models in `GET /v1/models`. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** URL of its server; null for a model of this machine. */
  readonly baseUrl: string | null;
  /** Names of its models, each once. The first answers requests that name none. */
  readonly models: readonly string[];
  /** Decimal, at most 3 digits after the point. */
  readonly pricePerMillionTokens: string;
  /** ISO 4217. */
  readonly currency: string;
  /** The API key of its server; null for a server without authentication. */
  readonly secret: SecretReference | null;
}

/** The settings that declare a provider: a part of the configuration. */
export interface ProviderSettings {
  readonly provider: ProviderKind;
  readonly modelPath: string | null;
  readonly baseUrl: string | null;
  /** Default model of a server; of a local model, its name: that of its file when null. */
  readonly model: string | null;
  /** Further models. */
  readonly models: readonly string[];
  readonly pricePerMillionTokens: string;
  readonly currency: string;
  readonly secret: SecretReference | null;
}

/** Returns the name of the model that answers requests without one; null when the settings name none. */
function defaultModelOf({ provider, model, modelPath }: ProviderSettings): string | null {
  if (provider === 'deterministic') return deterministicModelId;
  return model ?? (modelPath === null ? null : modelIdOf(modelPath));
}

/** Returns the provider that the settings declare. */
export function declaredProvider(settings: ProviderSettings): ProviderDeclaration {
  const { provider, baseUrl, models, pricePerMillionTokens, currency, secret } = settings;
  const first = defaultModelOf(settings);
  return {
    ...{ name: provider, kind: provider, baseUrl, pricePerMillionTokens, currency, secret },
    models: [...new Set([...(first === null ? [] : [first]), ...models])],
  };
}
