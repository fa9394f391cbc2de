import type { RecordDecoder } from '../kafka/decode.ts';
import type { Log } from '../kafka/port.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { InFlight } from './in-flight.ts';
import type { RunnerMetrics } from './metrics.ts';
import type { ProgressBeacon } from './progress-beacon.ts';
import { type Life, type Supervised, supervise } from './supervise.ts';

/** The services that every runner needs. */
export interface RunnerDependencies {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onFatal: (error: unknown) => void;
  /**
   * Called at each takeover, after fencing. Rejects with a fatal error when this process must not work any more. Default:
   * it may.
   */
  readonly mayTakeOver?: () => Promise<void>;
  /** Shared memory with the record being decided, for the watchdog thread. Default: not watched. */
  readonly beacon?: ProgressBeacon;
}

/** A processor, worker or observer that runs in this process until it is closed. */
export interface Runner extends Supervised {
  readonly name: string;
  /**
   * Resolves with `ok` once the tables are read and the partitions are assigned; otherwise with the reason in `detail`.
   */
  health(): Promise<{ ok: boolean; detail: string }>;
  /** Returns the records in flight. */
  inFlight(): readonly InFlight[];
}

/** Callbacks by which a life reports to its runner. */
export interface LifeEvents {
  readonly onCrash: (error: unknown) => void;
  /** Called when the life has its partitions and reads. */
  readonly onPositioned: () => void;
}

/** One life of a runner: from joining its group to its first error. */
export interface RunnerLife extends Life {
  /** Joins the group. A caller closes the life when it rejects: see `begun`. */
  begin(): Promise<void>;
  inFlight(): readonly InFlight[];
}

/**
 * Runs one life after another under supervision (see `supervise`), with the health check that processors, workers and
 * observers share.
 */
export function runLives(
  name: string,
  { logger, metrics, clock, onFatal }: RunnerDependencies,
  make: (events: LifeEvents) => RunnerLife,
): Runner {
  let positioned = false;
  let current: RunnerLife | null = null;
  const supervised = supervise({
    name,
    logger,
    clock,
    onFatal,
    onRestart: (code) => metrics.restarts.inc({ processor: name, code }),
    begin: async (onCrash) => {
      positioned = false;
      const onPositioned = (): void => {
        positioned = true;
      };
      current = make({ onCrash, onPositioned });
      await begun(current);
      return current;
    },
  });
  return {
    ...supervised,
    name,
    inFlight: () => (supervised.alive() ? (current?.inFlight() ?? []) : []),
    health: async () =>
      supervised.alive() && positioned
        ? { ok: true, detail: 'reading' }
        : { ok: false, detail: supervised.lastError() ?? 'joining its group' },
  };
}

/** Begins a life. When `begin` rejects, closes the life and rejects with the same error. */
export async function begun(life: Life & { begin(): Promise<void> }): Promise<void> {
  try {
    await life.begin();
  } catch (error) {
    await life.close();
    throw error;
  }
}
