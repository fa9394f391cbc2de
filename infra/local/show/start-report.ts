import { homeFiles } from '../home.ts';
import type { PlatformEvent } from '../platform-event.ts';
import { writeJson } from '../process/state-file.ts';

/** Times of the first turn, in ms from its POST: to its 201, to the first token, to the whole answer. */
export interface TurnTimes {
  readonly started: number;
  readonly firstDelta: number;
  readonly completed: number;
}

/** The report of a start, in milliseconds; stored in `.khipu/start.json`. */
export interface StartReport {
  readonly at: string;
  /** True when packages or parts were installed or fetched first. */
  readonly cold: boolean;
  /** From the command to its end: the end of the turn, or all roles ready. */
  readonly total_ms: number;
  /** Part of `total_ms` for installing and fetching, before the program ran. */
  readonly bootstrap_ms: number;
  /** From the program's start to every role ready. */
  readonly ready_ms: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly turn: TurnTimes | null;
  /** `CODE: message` of a failed first turn; null when there was none. */
  readonly turn_error: string | null;
}

/** The outcome of the first turn; both fields are undefined when it was skipped. */
export interface FirstTurn {
  readonly ms?: TurnTimes;
  readonly error?: string;
}

/** Measures a start and writes its report. */
export interface StartClock {
  readonly event: (event: PlatformEvent) => void;
  readonly ready: () => void;
  readonly finish: (dir: string, turn: FirstTurn) => StartReport;
}

/**
 * Returns a clock for the report. The bootstrap passes its start time (ms since 1970) and whether it installed or
 * fetched anything in the environment.
 */
export function createStartClock(env: NodeJS.ProcessEnv, programBegan: number): StartClock {
  const began = Number(env['KHIPU_BOOT_BEGAN_MS']) || programBegan;
  const steps: Record<string, number> = {};
  let readyMs = 0;
  return {
    event: ({ name, state, ms }) => {
      if (state === 'ready') steps[name] = ms;
    },
    ready: () => {
      readyMs = Date.now() - programBegan;
    },
    finish: (dir, { ms, error }) => {
      const report: StartReport = {
        at: new Date().toISOString(),
        cold: env['KHIPU_BOOT_COLD'] === '1',
        total_ms: Date.now() - began,
        bootstrap_ms: programBegan - began,
        ready_ms: readyMs,
        steps,
        turn: ms ?? null,
        turn_error: error ?? null,
      };
      writeJson(homeFiles(dir).start, report);
      return report;
    },
  };
}
