import path from 'node:path';
import { deterministicModelId } from '../models/deterministic/deterministic.ts';
import { modelIdOf } from '../models/local/model-id.ts';
import type { ProviderKind } from '../models/provider.ts';
import { downloadDir, downloads, isFetched } from './fetch/catalogue.mjs';

/** The chosen provider. */
export interface SlmChoice {
  readonly provider: ProviderKind;
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

const deterministic = (note: string): SlmChoice => ({
  ...{ provider: 'deterministic', model: deterministicModelId, note },
  env: { KHIPU_SLM_PROVIDER: 'deterministic' },
});

function local(env: NodeJS.ProcessEnv): SlmChoice {
  const given = env['KHIPU_SLM_MODEL_PATH'];
  if (given) {
    const model = env['KHIPU_SLM_MODEL'] || modelIdOf(given);
    return { provider: 'local', model, note: given, env: { KHIPU_SLM_PROVIDER: 'local' } };
  }
  if (!isFetched('model', env))
    return deterministic('the local model could not be fetched: the deterministic provider answers instead');
  const { marker, modelId } = downloads.model;
  const file = path.join(downloadDir('model', env), marker);
  const variables = { KHIPU_SLM_PROVIDER: 'local', KHIPU_SLM_MODEL_PATH: file, KHIPU_SLM_MODEL: modelId };
  return { provider: 'local', model: modelId, note: '', env: variables };
}

/**
 * Chooses the provider: the requested one, by default the local model; when that could not be fetched, the deterministic
 * provider, with a note.
 */
export function chooseSlm(wanted: ProviderKind | undefined, env: NodeJS.ProcessEnv = process.env): SlmChoice {
  const asked = wanted ?? ((env['KHIPU_SLM_PROVIDER'] || 'local') as ProviderKind);
  if (asked === 'local') return local(env);
  if (asked === 'deterministic') return deterministic('');
  return { provider: asked, model: env['KHIPU_SLM_MODEL'] ?? '', note: '', env: { KHIPU_SLM_PROVIDER: asked } };
}
