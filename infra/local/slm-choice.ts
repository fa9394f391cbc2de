import path from 'node:path';
import { loadSlmProviders } from '../config.ts';
import { deterministicModelId } from '../models/deterministic/deterministic.ts';
import { modelIdOf } from '../models/local/model-id.ts';
import type { ProviderKind } from '../models/provider.ts';
import { ModelRegistry } from '../models/registry/model-registry.ts';
import { declaresProviders, downloadDir, downloads, isFetched } from './fetch/catalogue.mjs';

/** The chosen providers. */
export interface SlmChoice {
  /** For the status board: the kind of a single provider, or the names of several. */
  readonly provider: string;
  /** The value of `--provider` that makes the same choice; null for providers that the environment declares. */
  readonly flag: ProviderKind | null;
  /** Id of the model that answers requests without a model; empty when the environment does not set it. */
  readonly model: string;
  /** For the status board: the model file, or why the provider differs from the requested one. May be empty. */
  readonly note: string;
  /** Additional variables for the roles. */
  readonly env: Readonly<Record<string, string>>;
}

/** Returns true for the name of a provider. */
export const isProviderName = (name: string): name is ProviderKind =>
  ['local', 'openai', 'deterministic'].includes(name);

/** Variables of a single provider of a kind: empty ones count as not set, so a list of providers is ignored. */
const single = (kind: ProviderKind): Readonly<Record<string, string>> => ({
  KHIPU_SLM_PROVIDER: kind,
  KHIPU_SLM_PROVIDERS: '',
  KHIPU_SLM_PROVIDERS_FILE: '',
});

const deterministic = (note: string): SlmChoice => ({
  ...{ provider: 'deterministic', flag: 'deterministic', model: deterministicModelId, note },
  env: single('deterministic'),
});

/** Returns the choice of the providers that the environment declares. Throws ConfigError when they are not valid. */
function declared(env: NodeJS.ProcessEnv): SlmChoice {
  const { providers } = loadSlmProviders(env);
  const [model] = new ModelRegistry(providers).models;
  return {
    provider: providers.map(({ name }) => name).join(', '),
    flag: null,
    model: model?.name ?? '',
    note: '',
    env: {},
  };
}

function local(env: NodeJS.ProcessEnv): SlmChoice {
  const given = env['KHIPU_SLM_MODEL_PATH'];
  if (given) {
    const model = env['KHIPU_SLM_MODEL'] || modelIdOf(given);
    return { provider: 'local', flag: 'local', model, note: given, env: single('local') };
  }
  if (!isFetched('model', env))
    return deterministic('the local model could not be fetched: the deterministic provider answers instead');
  const { marker, modelId } = downloads.model;
  const file = path.join(downloadDir('model', env), marker);
  const variables = { ...single('local'), KHIPU_SLM_MODEL_PATH: file, KHIPU_SLM_MODEL: modelId };
  return { provider: 'local', flag: 'local', model: modelId, note: '', env: variables };
}

/**
 * Chooses the provider: the requested one, else those that the environment declares, else the local model; when that could
 * not be fetched, the deterministic provider, with a note.
 */
export function chooseSlm(wanted: ProviderKind | undefined, env: NodeJS.ProcessEnv = process.env): SlmChoice {
  if (wanted === undefined && declaresProviders(env)) return declared(env);
  const asked = wanted ?? ((env['KHIPU_SLM_PROVIDER'] || 'local') as ProviderKind);
  if (asked === 'local') return local(env);
  if (asked === 'deterministic') return deterministic('');
  return { provider: asked, flag: asked, model: env['KHIPU_SLM_MODEL'] ?? '', note: '', env: single(asked) };
}
