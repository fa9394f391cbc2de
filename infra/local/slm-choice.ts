import path from 'node:path';
import { downloadDir, downloads, isFetched } from './fetch/catalogue.mjs';

export type ProviderName = 'local' | 'openai' | 'deterministic';

export interface SlmChoice {
  readonly provider: ProviderName;
  /** For the board: what answers, and why it is not what was asked for. Empty when there is nothing to say. */
  readonly note: string;
  /** Variables the roles need beyond those of the environment. */
  readonly env: Readonly<Record<string, string>>;
}

export const isProviderName = (name: string): name is ProviderName =>
  ['local', 'openai', 'deterministic'].includes(name);

/**
 * Who answers the turns: what was asked for, by default the local model; where that could not be fetched, the
 * deterministic provider, and the note says so.
 */
export function chooseSlm(wanted: ProviderName | undefined, env: NodeJS.ProcessEnv = process.env): SlmChoice {
  const asked = wanted ?? ((env['KHIPU_SLM_PROVIDER'] || 'local') as ProviderName);
  if (asked !== 'local') return { provider: asked, note: '', env: { KHIPU_SLM_PROVIDER: asked } };
  const given = env['KHIPU_SLM_MODEL_PATH'];
  if (given) return { provider: 'local', note: given, env: { KHIPU_SLM_PROVIDER: 'local' } };
  if (!isFetched('model', env)) {
    const note = 'the local model could not be fetched: answers are made up by the deterministic provider';
    return { provider: 'deterministic', note, env: { KHIPU_SLM_PROVIDER: 'deterministic' } };
  }
  const file = path.join(downloadDir('model', env), downloads.model.marker);
  return { provider: 'local', note: '', env: { KHIPU_SLM_PROVIDER: 'local', KHIPU_SLM_MODEL_PATH: file } };
}
