import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';
import type { KillSwitch } from '../../schemas/generated/records.ts';

/** The part of the kill switches that a worker uses. */
export interface Switches {
  /** Resolves when every switch was read once: no work runs before. */
  readonly ready: Promise<void>;
  readonly value: KillSwitches;
  listen(listener: () => void): () => void;
}

/** Ends work: a retry cannot repair it, and a user may see the reason. */
export class StoppedByKillSwitch extends Error {
  override readonly name = 'StoppedByKillSwitch';
  readonly code = 'KILL_SWITCH';
  constructor(scope: string) {
    super(`Stopped by the kill switch ${scope}`);
  }
}

/** The watch over one piece of work. */
export interface StopWatch {
  /** Aborted with StoppedByKillSwitch. */
  readonly signal: AbortSignal;
  end(): void;
}

/** Watches the switches over one piece of work, now and at every change. `stopping` returns the switch that ends it. */
export function watchSwitches(
  switches: Pick<Switches, 'value' | 'listen'>,
  stopping: (switches: KillSwitches) => Pick<KillSwitch, 'scope'> | undefined,
): StopWatch {
  const stop = new AbortController();
  const look = (): void => {
    const found = stopping(switches.value);
    if (found !== undefined) stop.abort(new StoppedByKillSwitch(found.scope));
  };
  look();
  return { signal: stop.signal, end: switches.listen(look) };
}
