/** A service outside the platform that is asked one question at a time over HTTP: deadline, circuit and bounds. */
import { BrokenCircuitError, CircuitState, CountBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { messageOf } from '../../kit/errors.ts';

/** The service, and the bounds of its client. */
export interface ServiceOptions {
  /** URL that questions are posted to. */
  readonly url: string;
  readonly token: string | null;
  /** Bounds one request, including its body. */
  readonly timeoutMs: number;
  /** How long an open circuit rejects requests before one may try; default 5 000. */
  readonly circuitOpenMs?: number;
}

/** Thrown when the service gave no answer. */
export abstract class OutsideUnavailable extends Error {
  abstract readonly code: string;
  /** False when another request cannot help: the circuit is open, or the service rejects our requests. */
  readonly retryable: boolean;
  readonly latencyMs: number;
  constructor(message: string, retryable: boolean, latencyMs: number) {
    super(message);
    this.retryable = retryable;
    this.latencyMs = latencyMs;
  }
}

/** How a client of one kind of service reads its answers, and counts. */
export interface ServiceParts<Answer> {
  /** Largest body of an answer; a larger one is read as an empty text. */
  readonly bodyBytesMax: number;
  /** Path of the health of the service on the host of its URL; null when the URL itself is asked with HEAD. */
  readonly healthPath: string | null;
  /** Reads the body of a 200. Never throws. */
  readonly read: (body: string, latencyMs: number) => Answer;
  readonly unavailable: new (message: string, retryable: boolean, latencyMs: number) => OutsideUnavailable;
  /** Called before a request; what it returns is called after it. */
  readonly started: () => () => void;
  /** Called with each answer, with `unavailable`, or with `circuit-open` for a request that was not sent. */
  readonly counted: (answer: Answer | 'unavailable' | 'circuit-open') => void;
}

/** A client of the service. */
export interface Service<Answer> {
  /** Sends one request. Rejects with the `unavailable` of its parts, or with the reason of `signal`. */
  ask(body: unknown, signal: AbortSignal): Promise<Answer>;
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

const HEALTH_MS_MAX = 1_500;
/** Returns true for transient statuses: too many requests, and failures of the service. */
const passes = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Returns null for a body that is too long; the rest of it is not read. */
async function bodyOf(response: Response, bytesMax: number): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > bytesMax) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Returns the cause of a failed fetch, without the URL. */
const whyOf = (error: unknown): string => messageOf((error as { cause?: unknown } | null)?.cause ?? error);

/**
 * Creates a client. Redirects are not followed, because the token is for one host. The circuit opens when at least half of
 * the last 20 requests failed, 5 or more of them seen.
 */
export function createService<Answer>(options: ServiceOptions, parts: ServiceParts<Answer>): Service<Answer> {
  const { url, token, timeoutMs, circuitOpenMs = 5_000 } = options;
  const { unavailable: Unavailable, counted } = parts;
  const { host, origin } = new URL(url);
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof Unavailable),
    { halfOpenAfter: circuitOpenMs, breaker: new CountBreaker({ threshold: 0.49, size: 20, minimumNumberOfCalls: 5 }) },
  );

  async function request(body: unknown, signal: AbortSignal): Promise<Answer> {
    const began = performance.now();
    const elapsedMs = (): number => Math.round(performance.now() - began);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Unavailable(`answers ${response.status}`, passes(response.status), elapsedMs());
      }
      const text = await bodyOf(response, parts.bodyBytesMax);
      return parts.read(text ?? '', elapsedMs());
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Unavailable) throw error;
      const why = timeout.aborted ? `no answer in ${timeoutMs} ms` : whyOf(error);
      throw new Unavailable(why, true, elapsedMs());
    }
  }

  async function timed(body: unknown, signal: AbortSignal): Promise<Answer> {
    const ended = parts.started();
    try {
      const answer = await request(body, signal);
      counted(answer);
      return answer;
    } catch (error) {
      if (error instanceof Unavailable) counted('unavailable');
      throw error;
    } finally {
      ended();
    }
  }

  return {
    async ask(body, signal) {
      try {
        return await breaker.execute(() => timed(body, signal));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        counted('circuit-open');
        throw new Unavailable('it failed too often and gets no requests for a moment', false, 0);
      }
    },
    async health() {
      if (breaker.state === CircuitState.Open) return { ok: false, detail: `${host}: circuit open` };
      const [target, method] = parts.healthPath === null ? [url, 'HEAD'] : [new URL(parts.healthPath, origin), 'GET'];
      try {
        const signal = AbortSignal.timeout(HEALTH_MS_MAX);
        const response = await fetch(target, { method, headers: authorization, redirect: 'manual', signal });
        await response.body?.cancel();
        // Without a path of its own, any answer but a failure shows that the service is there.
        const ok = parts.healthPath === null ? response.status < 500 : response.ok;
        return { ok, detail: `${host} answers ${response.status}` };
      } catch (error) {
        return { ok: false, detail: `${host}: ${whyOf(error)}` };
      }
    },
  };
}
