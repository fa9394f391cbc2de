import { CircuitState, CountBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { type Backoff, pauseMs } from '../../kit/backoff.ts';
import { sleep } from '../deadline.ts';
import { SlmProviderError } from '../provider.ts';
import { toProviderError } from './errors.ts';

/** Bounds of retries and of the circuit breaker. */
export interface GuardOptions {
  /** Attempts in all; default 3. */
  readonly attemptsMax?: number;
  /** The first pause between attempts; each following one may be twice as long. Default 200. */
  readonly retryMinMs?: number;
  /** With a longer `Retry-After` the call fails at once and passes it on. Default 5 000. */
  readonly retryMaxMs?: number;
  /** How long an open circuit rejects calls before it lets one call try; default 10 000. */
  readonly circuitOpenMs?: number;
}

/**
 * The retries and the circuit breaker of one model server: retries with jitter, and no calls to a server that keeps
 * failing.
 */
export interface Guard {
  readonly open: boolean;
  /** Runs `attempt` until its promise resolves, which for a stream is its first token. Throws `SlmProviderError`. */
  run<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Reports a failure after `run` had resolved: it counts against the server. */
  failedLater(error: SlmProviderError): Promise<void>;
}

/**
 * Creates a guard. The circuit opens when at least half of the last 20 calls failed (5 or more of them seen). Only
 * faults of the server count: `SLM_UNAVAILABLE` and `SLM_TIMEOUT`. `SLM_UNAVAILABLE` and `SLM_RATE_LIMITED` are
 * retried; a timeout is not, because a server that is too slow would get twice the work.
 */
export function createGuard(options: GuardOptions = {}): Guard {
  const { attemptsMax = 3, retryMinMs = 200, retryMaxMs = 5_000, circuitOpenMs = 10_000 } = options;
  // Half of each pause is fixed and half is random ("equal jitter"); `retryMaxMs` is what is waited for at most.
  const retry: Backoff = { firstMs: retryMinMs / 2, maxMs: Number.POSITIVE_INFINITY, jitter: 1 };
  const breaker = circuitBreaker(handleWhen(speaksAgainstServer), {
    halfOpenAfter: circuitOpenMs,
    breaker: new CountBreaker({ threshold: 0.49, size: 20, minimumNumberOfCalls: 5 }),
  });

  /** Fails an aborted attempt with its abort reason, so that the breaker distinguishes a timeout from a cancellation. */
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
        const waitMs = Math.max(failure.retryAfterMs ?? 0, pauseMs(attempts, retry));
        if (attempts >= attemptsMax || !isRetried(failure) || waitMs > retryMaxMs) throw failure;
        await sleep(waitMs, signal);
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

/** While one call tries a half-open circuit, the others wait for its result, but not longer than their own time. */
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
