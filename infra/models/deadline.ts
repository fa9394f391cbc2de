import { SlmProviderError } from './provider.ts';

/** The time bounds of a call, in ms. */
export interface DeadlineLimits {
  /** From the start of the call to its end, including queueing and retries. */
  readonly timeoutMs: number;
  /** Before the first token, and between two tokens. */
  readonly firstTokenTimeoutMs: number;
}

/**
 * The only clock of a call. It ends when the caller aborts, when the total time is over, or after too long without a token.
 * `signal.reason` is then always an `SlmProviderError` (`SLM_CANCELLED` or `SLM_TIMEOUT`).
 */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Starts the wait for a token. Not called while a call is queued, or while the reader is busy: neither is a hang. */
  expectToken(): void;
  tokenArrived(): void;
  /** Throws the reason once the call has ended. */
  check(): void;
  /** Ends the call with a reason of the adapter, e.g. when it closes. */
  abort(reason: SlmProviderError): void;
  /** Releases timers and listeners; they are not started again. */
  stop(): void;
}

/** Starts the deadline of a call. */
export function startDeadline(limits: DeadlineLimits, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  const onCallerAbort = () => controller.abort(new SlmProviderError('SLM_CANCELLED', 'the caller cancelled the call'));
  const timedOut = (what: string) => () => controller.abort(new SlmProviderError('SLM_TIMEOUT', what));
  const total = setTimeout(timedOut(`no complete answer within ${limits.timeoutMs} ms`), limits.timeoutMs);
  let token: NodeJS.Timeout | undefined;
  let stopped = false;
  if (caller.aborted) onCallerAbort();
  else caller.addEventListener('abort', onCallerAbort, { once: true });
  return {
    signal: controller.signal,
    expectToken() {
      clearTimeout(token);
      if (stopped) return;
      token = setTimeout(timedOut(`no token for ${limits.firstTokenTimeoutMs} ms`), limits.firstTokenTimeoutMs);
    },
    tokenArrived() {
      clearTimeout(token);
    },
    check() {
      controller.signal.throwIfAborted();
    },
    abort(reason) {
      controller.abort(reason);
    },
    stop() {
      stopped = true;
      clearTimeout(total);
      clearTimeout(token);
      caller.removeEventListener('abort', onCallerAbort);
    },
  };
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
