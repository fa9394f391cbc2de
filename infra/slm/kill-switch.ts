import type { KillSwitch, SlmEmbeddingRequested, SlmRequested } from '../../schemas/generated/records.ts';
import { DEFAULT_MODEL, scopesOf, type Work } from '../../schemas/kill-switch.ts';

/** What a worker needs of the kill switches. */
export interface Switches {
  /** Resolves when every switch was read once: nothing runs before. */
  readonly ready: Promise<void>;
  over(work: Work): readonly KillSwitch[];
  listen(listener: () => void): () => void;
}

/** Ends a request: no further run would mend it, and a person may see why. */
export class StoppedByKillSwitch extends Error {
  override readonly name = 'StoppedByKillSwitch';
  readonly code = 'KILL_SWITCH';
  constructor(scope: string) {
    super(`Stopped by the kill switch ${scope}`);
  }
}

export interface StopWatch {
  /** Aborted with StoppedByKillSwitch. */
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Watches the switches over one request. One of mode `stop` ends it, whether it runs or is about to. One of mode `drain`
 * lets it be: it was accepted before. But policy knows only the name of the model that was asked for: a switch on the model
 * that answers in its place is first met here, so what has not begun is refused in either mode.
 */
export function watchSwitches(
  switches: Switches,
  { model }: Pick<SlmRequested | SlmEmbeddingRequested, 'model'>,
  at: { readonly tenant: string; readonly servedModel: string; readonly begun: boolean },
): StopWatch {
  const { tenant, servedModel } = at;
  const stop = new AbortController();
  const asked = { tenant, models: [model ?? DEFAULT_MODEL] };
  const known = new Set(scopesOf(asked));
  const work = model === null ? { tenant, models: [DEFAULT_MODEL, servedModel] } : asked;
  const look = (begun: boolean): void => {
    const found = switches.over(work).find(({ scope, mode }) => mode === 'stop' || (!begun && !known.has(scope)));
    if (found !== undefined) stop.abort(new StoppedByKillSwitch(found.scope));
  };
  look(at.begun);
  return { signal: stop.signal, end: switches.listen(() => look(true)) };
}
