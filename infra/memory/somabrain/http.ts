import { setTimeout as pause } from 'node:timers/promises';
import { BrokenCircuitError, CircuitState, CountBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { messageOf } from '../../kit/errors.ts';
import { SomaBrainError } from './error.ts';

/** The service, and the bounds of its client. */
export interface SomaBrainOptions {
  /** URL below which its routes are, such as `http://localhost:9696` or `https://khipu.example/v1/memory`. */
  readonly url: string;
  readonly token: string | null;
  /** Bounds one request, including its body, in ms. */
  readonly timeoutMs: number;
  /** Attempts of one call; default 3. */
  readonly attemptsMax?: number;
  /** First pause between attempts, in ms; each following one is twice as long. Default 100. */
  readonly pauseMs?: number;
  /** How long an open circuit rejects requests before one may try, in ms; default 5 000. */
  readonly circuitOpenMs?: number;
}

/** One request. */
export interface SomaRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** Returns true for statuses that a later request may not meet: too many requests, and failures of the service. */
const passes = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Resolves with the text of a body. Rejects with SOMABRAIN_ANSWER_INVALID for a larger one; the rest is not read. */
async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > BODY_BYTES_MAX)
      throw new SomaBrainError('SOMABRAIN_ANSWER_INVALID', `an answer above ${BODY_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SomaBrainError('SOMABRAIN_ANSWER_INVALID', 'the answer is not JSON', { cause });
  }
}

/** Returns the code of a problem in a body; null without one. */
function problemIn(text: string): string | null {
  try {
    const { code } = JSON.parse(text) as { readonly code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
}

const whyOf = (error: unknown): string => messageOf((error as { cause?: unknown } | null)?.cause ?? error);

/** Sends requests with deadlines, attempts and a circuit breaker. */
export interface SomaHttp {
  /** Resolves with the JSON of a success. Rejects with SomaBrainError, or with the reason of the signal. */
  send(request: SomaRequest): Promise<unknown>;
  readonly isOpen: () => boolean;
}

/**
 * Creates it. Redirects are not followed, because the token is for one host. The circuit opens when at least half of the last
 * 20 requests failed, 5 or more of them seen; an answer that refuses a request is no failure of the service.
 */
export function createSomaHttp(options: SomaBrainOptions): SomaHttp {
  const { url, token, timeoutMs, attemptsMax = 3, pauseMs = 100, circuitOpenMs = 5_000 } = options;
  const base = url.endsWith('/') ? url : `${url}/`;
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof SomaBrainError && error.canRetry),
    { halfOpenAfter: circuitOpenMs, breaker: new CountBreaker({ threshold: 0.49, size: 20, minimumNumberOfCalls: 5 }) },
  );

  async function once({ method, path, body, headers, signal }: SomaRequest): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(new URL(path, base), {
        ...{ method, redirect: 'manual' },
        headers: { accept: 'application/json', 'content-type': 'application/json', ...authorization, ...headers },
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const { status } = response;
      const text = await textOf(response);
      if (status >= 200 && status < 300) return jsonIn(text);
      const problem = problemIn(text);
      const detail = `${method} ${path} answers ${status}${problem === null ? '' : ` ${problem}`}`;
      throw new SomaBrainError(passes(status) ? 'SOMABRAIN_UNAVAILABLE' : 'SOMABRAIN_REFUSED', detail, {
        status,
        problem,
      });
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SomaBrainError) throw error;
      if (timeout.aborted) throw new SomaBrainError('SOMABRAIN_TIMEOUT', `no answer in ${timeoutMs} ms`);
      throw new SomaBrainError('SOMABRAIN_UNAVAILABLE', whyOf(error), { cause: error });
    }
  }

  async function send(request: SomaRequest): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await breaker.execute(() => once(request));
      } catch (error) {
        request.signal?.throwIfAborted();
        if (error instanceof BrokenCircuitError)
          throw new SomaBrainError('SOMABRAIN_CIRCUIT_OPEN', 'it failed too often and gets no requests for a moment');
        if (!(error instanceof SomaBrainError) || !error.canRetry || attempt >= attemptsMax) throw error;
        await pause(pauseMs * 2 ** (attempt - 1), undefined, { ...(request.signal && { signal: request.signal }) });
      }
    }
  }

  return { send, isOpen: () => breaker.state === CircuitState.Open };
}
