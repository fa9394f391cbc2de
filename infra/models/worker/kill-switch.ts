import { type KillSwitches, scopesOf, switchesOver, type Work } from '../../../schemas/contexts/kill-switch.ts';
import { DEFAULT_MODEL } from '../../../schemas/contexts/slm/models.ts';
import type { SlmEmbeddingRequested, SlmRequested } from '../../../schemas/generated/records.ts';

/** The part of the kill switches that a worker uses. */
export interface Switches {
  /** Resolves when every switch was read once: no request runs before. */
  readonly ready: Promise<void>;
  readonly value: KillSwitches;
  listen(listener: () => void): () => void;
}

/** Ends a request: a retry cannot repair it, and a user may see the reason. */
export class StoppedByKillSwitch extends Error {
  override readonly name = 'StoppedByKillSwitch';
  readonly code = 'KILL_SWITCH';
  constructor(scope: string) {
    super(`Stopped by the kill switch ${scope}`);
  }
}

/** The watch over one request. */
export interface StopWatch {
  /** Aborted with StoppedByKillSwitch. */
  readonly signal: AbortSignal;
  end(): void;
}

const modelsOf = (...ids: readonly string[]): Work['resources'] => ids.map((id) => ({ type: 'Model', id }));

/**
 * Watches the switches over one request. A switch of mode `stop` ends it, running or not. A switch of mode `drain` does
 * not, because the request was accepted before. But policy knows only the name of the requested model: a switch on the
 * model that answers instead is first checked here, so a request that has not begun is rejected in either mode.
 */
export function watchSwitches(
  switches: Switches,
  { model }: Pick<SlmRequested | SlmEmbeddingRequested, 'model'>,
  at: { readonly tenant: string; readonly servedModel: string; readonly begun: boolean },
): StopWatch {
  const { tenant, servedModel } = at;
  const stop = new AbortController();
  const asked = { tenant, resources: modelsOf(model ?? DEFAULT_MODEL) };
  const known = new Set(scopesOf(asked));
  const work = model === null ? { tenant, resources: modelsOf(DEFAULT_MODEL, servedModel) } : asked;
  const look = (begun: boolean): void => {
    const found = switchesOver(switches.value, work).find(
      ({ scope, mode }) => mode === 'stop' || (!begun && !known.has(scope)),
    );
    if (found !== undefined) stop.abort(new StoppedByKillSwitch(found.scope));
  };
  look(at.begun);
  return { signal: stop.signal, end: switches.listen(() => look(true)) };
}
