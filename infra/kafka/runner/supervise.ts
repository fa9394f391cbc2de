import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, type Wait, waitOf } from '../clock.ts';
import { codeOf, logErrorCodes, messageOf } from '../errors.ts';

/** One life of a runner: from joining to the first error. */
export interface Life {
  /** Settles what is under way, leaves, and frees everything. Never rejects. */
  close(): Promise<void>;
}

export interface Supervised {
  /** True while a life is running. */
  readonly alive: () => boolean;
  readonly lastError: () => string | null;
  close(): Promise<void>;
}

const BACKOFF_MS = { first: 100, max: 5_000, jitter: 0.3 };
/** A life longer than this starts the backoff anew. */
const STABLE_MS = 30_000;

/**
 * Runs one life after another: any error ends a life whole, and the next one fences, reads what was committed and goes
 * on from there. So there is one way to recover, from everything. An error whose disposition is `crash` ends the process.
 */
export function supervise(options: {
  readonly name: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onRestart: (code: string) => void;
  readonly onFatal: (error: unknown) => void;
  readonly begin: (onCrash: (error: unknown) => void) => Promise<Life>;
}): Supervised {
  const { clock } = options;
  let closed = false;
  let life: Life | null = null;
  let lastError: string | null = null;
  let wake: () => void = () => undefined;
  const ended = (async () => {
    let delayMs = BACKOFF_MS.first;
    while (!closed) {
      const began = clock.now();
      let crashed: (error: unknown) => void = () => undefined;
      const crash = new Promise<unknown>((resolve) => {
        crashed = resolve;
        wake = () => resolve(null);
      });
      let error: unknown = null;
      try {
        life = await options.begin(crashed);
        lastError = null;
        error = await crash;
      } catch (failure) {
        error = failure;
      }
      await life?.close();
      life = null;
      if (closed) return;
      const code = codeOf(error);
      lastError = `${code}: ${messageOf(error)}`;
      options.logger.warn({ processor: options.name, code, detail: messageOf(error) }, 'begins again');
      options.onRestart(code);
      if ((logErrorCodes as Record<string, string>)[code] === 'crash') return options.onFatal(error);
      if (clock.now() - began > STABLE_MS) delayMs = BACKOFF_MS.first;
      const backoff: Wait = waitOf(clock, delayMs * (1 + BACKOFF_MS.jitter * clock.random()));
      wake = backoff.end;
      await backoff.over;
      delayMs = Math.min(delayMs * 2, BACKOFF_MS.max);
    }
  })();
  return {
    alive: () => life !== null,
    lastError: () => lastError,
    close: async () => {
      closed = true;
      wake();
      await ended;
    },
  };
}
