import { scopesOf, switchesOver, type Work } from '../../../schemas/contexts/kill-switch.ts';
import { DEFAULT_MODEL } from '../../../schemas/contexts/slm/models.ts';
import type { SlmEmbeddingRequested, SlmRequested } from '../../../schemas/generated/records.ts';
import { type StopWatch, type Switches, watchSwitches } from '../../runner/kill-switches.ts';

const modelsOf = (...ids: readonly string[]): Work['resources'] => ids.map((id) => ({ type: 'Model', id }));

/**
 * Watches the switches over one request. A switch of mode `stop` ends it, running or not. One of mode `finish_step`
 * rejects it unless it has begun; one of mode `drain` does not, because the request was accepted before. But policy knows only the name of the requested model: a switch on the
 * model that answers instead is first checked here, so a request that has not begun is rejected in every mode.
 */
export function watchRequest(
  switches: Switches,
  { model }: Pick<SlmRequested | SlmEmbeddingRequested, 'model'>,
  at: { readonly tenant: string; readonly servedModel: string; readonly begun: boolean },
): StopWatch {
  const { tenant, servedModel } = at;
  const asked = { tenant, resources: modelsOf(model ?? DEFAULT_MODEL) };
  const known = new Set(scopesOf(asked));
  const work = model === null ? { tenant, resources: modelsOf(DEFAULT_MODEL, servedModel) } : asked;
  let { begun } = at;
  return watchSwitches(switches, (value) => {
    const found = switchesOver(value, work).find(
      ({ scope, mode }) => mode === 'stop' || (!begun && (mode === 'finish_step' || !known.has(scope))),
    );
    begun = true;
    return found;
  });
}
