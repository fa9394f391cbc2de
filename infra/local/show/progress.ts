import type { PlatformEvent } from '../platform-event.ts';

/** The destination of progress. */
export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** True on a terminal that can move its cursor; otherwise every change is one plain line. */
  readonly isLive: boolean;
}

/** A display of the steps of a start. */
export interface Progress {
  readonly event: (event: PlatformEvent) => void;
  /** Writes one line above the live steps. */
  readonly note: (text: string) => void;
  /** Stops drawing; the last state stays on the terminal. */
  readonly end: () => void;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const marks: Record<PlatformEvent['state'], string> = {
  starting: '…',
  ready: '✓',
  failed: '✗',
  restarting: '!',
  restarted: '✓',
  stopped: '–',
};

/** Returns one event as a line, such as `✓ kafka ready 2.1 s`. */
export function describeEvent({ name, state, ms, detail }: PlatformEvent): string {
  const time = ms > 0 ? ` ${seconds(ms)}` : '';
  const reason = detail && state !== 'starting' ? `  ${detail.split('\n')[0]}` : '';
  return `${marks[state]} ${name.padEnd(12)} ${state}${time}${reason}`;
}

/** A terminal is repainted at most this often: over ssh, each repaint of all lines can be seen. */
const repaintEveryMs = 500;

/**
 * Returns the progress display. Live: one line per step, repainted while something changes, at most twice a second.
 * Plain: one line per change, with the time since the start.
 */
export function createProgress(output: ProgressOutput, now: () => number = Date.now): Progress {
  const began = now();
  const steps = new Map<string, PlatformEvent & { readonly since: number }>();
  let painted: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (painted.length > 0) output.write(`\u001b[${painted.length}A\u001b[0J`);
    painted = [];
  };
  /** Paints the steps unless they are painted as they are; returns true when it did. */
  const paint = (): boolean => {
    const lines = [...steps.values()].map((step) => {
      const ms = step.state === 'starting' ? now() - step.since : step.ms;
      return describeEvent({ ...step, ms });
    });
    if (lines.join('\n') === painted.join('\n')) return false;
    clear();
    output.write(`${lines.join('\n')}\n`);
    painted = lines;
    return true;
  };
  const stopTimer = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  const repaint = (): void => {
    const isWorking = [...steps.values()].some(({ state }) => state === 'starting');
    if (!paint() && !isWorking) stopTimer();
  };

  return {
    event: (event) => {
      if (!output.isLive) return output.write(`${seconds(now() - began).padStart(7)}  ${describeEvent(event)}\n`);
      steps.set(event.name, { ...event, since: now() });
      if (timer !== undefined) return;
      paint();
      timer = setInterval(repaint, repaintEveryMs).unref();
    },
    note: (text) => {
      if (output.isLive) clear();
      output.write(`${text}\n`);
      if (output.isLive) paint();
    },
    end: () => {
      stopTimer();
      if (output.isLive) paint();
      painted = [];
      steps.clear();
    },
  };
}
