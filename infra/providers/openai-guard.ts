import { CircuitState, CountBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { sleep } from './deadline.ts';
import { toProviderError } from './openai-errors.ts';
import { SlmProviderError } from './provider.ts';

export interface GuardOptions {
  /** Attempts in all; default 3. */
  readonly attemptsMax?: number;
  /** The first pause between attempts; the next may be twice as long, and so on. Default 200. */
  readonly retryMinMs?: number;
  /** A longer `Retry-After` is not waited for: the call fails and carries it. Default 5 000. */
  readonly retryMaxMs?: number;
  /** How long an open circuit refuses before it lets one call try; default 10 000. */
  readonly circuitOpenMs?: number;
}

/** Stands before one model server: retries with jitter inside, and stops asking a server that keeps failing. */
export interface Guard {
  readonly open: boolean;
  /** Runs `attempt` until its promise resolves, which for a stream is its first token. Throws `SlmProviderError`. */
  run<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** A failure after `run` had resolved: counts against the server. */
  failedLater(error: SlmProviderError): Promise<void>;
}

/**
 * The circuit opens when at least half of the last 20 calls failed (5 or more of them seen). Only what speaks against the server
 * counts: `SLM_UNAVAILABLE` and `SLM_TIMEOUT`. Retried are `SLM_UNAVAILABLE` and `SLM_RATE_LIMITED`; a time-out is not,
 * because a server that is too slow would get twice the work.
 */
export function createGuard(options: GuardOptions = {}): Guard {
  const { attemptsMax = 3, retryMinMs = 200, retryMaxMs = 5_000, circuitOpenMs = 10_000 } = options;
  const breaker = circuitBreaker(handleWhen(speaksAgainstServer), {
    halfOpenAfter: circuitOpenMs,
    breaker: new CountBreaker({ threshold: 0.49, size: 20, minimumNumberOfCalls: 5 }),
  });

  /** An aborted attempt fails as what aborted it, so that the breaker tells a time-out from a caller who left. */
  function once<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return breaker.execute(async () => {
      try {
        return await attempt();
      } catch (error) {
        throw toProviderError(signal.aborted ? signal.reason : error);
      }
    });
  }

  async function run<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await untilAborted(once(attempt, signal), signal);
      } catch (error) {
        signal.throwIfAborted();
        const failure = toProviderError(error);
        const pauseMs = Math.max(failure.retryAfterMs ?? 0, jittered(retryMinMs * 2 ** (attempts - 1)));
        if (attempts >= attemptsMax || !isRetried(failure) || pauseMs > retryMaxMs) throw failure;
        await sleep(pauseMs, signal);
      }
    }
  }

  return {
    get open() {
      return breaker.state === CircuitState.Open;
    },
    run,
    async failedLater(error) {
      if (!speaksAgainstServer(error) || breaker.state !== CircuitState.Closed) return;
      await breaker.execute(() => Promise.reject(error)).catch(() => undefined);
    },
  };
}

/** While one call tries a half-open circuit the others wait for its result: not longer than their own time. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function speaksAgainstServer(error: unknown): boolean {
  return error instanceof SlmProviderError && (error.code === 'SLM_UNAVAILABLE' || error.code === 'SLM_TIMEOUT');
}

function isRetried(error: SlmProviderError): boolean {
  return error.code === 'SLM_UNAVAILABLE' || error.code === 'SLM_RATE_LIMITED';
}

/** Half of the pause is fixed and half is random ("equal jitter"), so that callers who failed together do not return together. */
function jittered(pauseMs: number): number {
  return pauseMs / 2 + Math.random() * (pauseMs / 2);
}
