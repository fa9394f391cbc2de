import { homeFiles } from './home.ts';
import type { PlatformEvent } from './platform-event.ts';
import { writeJson } from './state-file.ts';
import type { TurnResult } from './turn-client.ts';

/** How a start went, in milliseconds; `.khipu/start.json`. */
export interface StartReport {
  readonly at: string;
  /** Something had to be installed or fetched first. */
  readonly cold: boolean;
  /** From the command to the last thing it did: the turn's end, or everything ready. */
  readonly total_ms: number;
  /** Of that: installing and fetching, before the program ran. */
  readonly bootstrap_ms: number;
  /** From the program's start to every role ready. */
  readonly ready_ms: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly turn: TurnResult['ms'] | null;
}

export interface StartClock {
  readonly event: (event: PlatformEvent) => void;
  readonly ready: () => void;
  readonly finish: (dir: string, turn: TurnResult | undefined) => StartReport;
}

/** The bootstrap says when it began (epoch ms) and whether it had to install or fetch anything. */
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
    finish: (dir, turn) => {
      const report: StartReport = {
        at: new Date().toISOString(),
        cold: env['KHIPU_BOOT_COLD'] === '1',
        total_ms: Date.now() - began,
        bootstrap_ms: programBegan - began,
        ready_ms: readyMs,
        steps,
        turn: turn?.ms ?? null,
      };
      writeJson(homeFiles(dir).start, report);
      return report;
    },
  };
}
