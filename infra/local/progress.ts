import type { PlatformEvent } from './platform-event.ts';

export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** A terminal that can move its cursor; else every change is one plain line. */
  readonly isLive: boolean;
}

export interface Progress {
  readonly event: (event: PlatformEvent) => void;
  /** One line of its own, above what is live. */
  readonly note: (text: string) => void;
  /** Draws no more; the last picture stays. */
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

/** One event as one line, such as `✓ kafka ready 2.1 s`. */
export function describeEvent({ name, state, ms, detail }: PlatformEvent): string {
  const time = ms > 0 ? ` ${seconds(ms)}` : '';
  const reason = detail && state !== 'starting' ? `  ${detail.split('\n')[0]}` : '';
  return `${marks[state]} ${name.padEnd(12)} ${state}${time}${reason}`;
}

const drawEveryMs = 120;

/** Live: one line a step, redrawn while it works. Plain: one line a change, with the time since the start. */
export function createProgress(output: ProgressOutput, now: () => number = Date.now): Progress {
  const began = now();
  const steps = new Map<string, PlatformEvent & { readonly since: number }>();
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    clear();
    const lines = [...steps.values()].map((step) => {
      const ms = step.state === 'starting' ? now() - step.since : step.ms;
      return describeEvent({ ...step, ms });
    });
    if (lines.length > 0) output.write(`${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  const stopTimer = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    event: (event) => {
      if (!output.isLive) return output.write(`${seconds(now() - began).padStart(7)}  ${describeEvent(event)}\n`);
      steps.set(event.name, { ...event, since: now() });
      draw();
      const isWorking = [...steps.values()].some(({ state }) => state === 'starting');
      if (!isWorking) stopTimer();
      else timer ??= setInterval(draw, drawEveryMs).unref();
    },
    note: (text) => {
      if (output.isLive) clear();
      output.write(`${text}\n`);
      if (output.isLive) draw();
    },
    end: () => {
      stopTimer();
      if (output.isLive) draw();
      drawn = 0;
      steps.clear();
    },
  };
}
