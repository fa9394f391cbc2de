import { logErrorCodes } from '../kafka/errors.ts';
import { type Backoff, failuresAfter, pauseMs } from '../kit/backoff.ts';
import { type Clock, type Wait, waitOf } from '../kit/clock.ts';
import { codeOf, messageOf } from '../kit/errors.ts';
import type { Logger } from '../kit/logger.ts';

/** One life of a runner: from joining its group to its first error. */
export interface Life {
  /** Finishes the work under way, leaves the group and frees all resources. Never rejects. */
  close(): Promise<void>;
}

/** A supervised sequence of lives. */
export interface Supervised {
  /** True while a life is running. */
  readonly alive: () => boolean;
  /** Returns code and message of the last error, or null after a successful begin. */
  readonly lastError: () => string | null;
  close(): Promise<void>;
}

const BACKOFF: Backoff = { firstMs: 100, maxMs: 5_000, jitter: 0.3 };
/** After a life of this length the backoff begins with its first pause again. */
const STABLE_MS = 30_000;

/** Returns true for an error after which a new life would fail in the same way. */
const isFatal = (code: string): boolean =>
  code === 'LAYOUT_CHANGED' || (logErrorCodes as Record<string, string>)[code] === 'crash';

/**
 * Runs one life after another until closed. Any error ends a whole life; after a backoff (100 ms to 5 s) the next life
 * fences, reads what was committed and continues from there. So every error has the same recovery. An error whose
 * disposition is `crash`, and LAYOUT_CHANGED, are passed to `onFatal` and end the supervision.
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
    let failures = 0;
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
      options.logger.warn({ processor: options.name, code, detail: messageOf(error) }, 'restarts');
      options.onRestart(code);
      if (isFatal(code)) return options.onFatal(error);
      failures = failuresAfter(failures, clock.now() - began, STABLE_MS);
      const backoff: Wait = waitOf(
        clock,
        pauseMs(failures, BACKOFF, () => clock.random()),
      );
      wake = backoff.end;
      await backoff.over;
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
