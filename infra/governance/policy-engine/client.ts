import { BrokenCircuitError, CircuitState, CountBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { EngineAnswer } from '../../../schemas/generated/records.ts';
import { messageOf } from '../../kit/errors.ts';
import { readAnswer } from './answer.ts';
import type { EngineInput } from './input.ts';
import type { EngineMetrics } from './metrics.ts';

/** The engine, and the bounds of its client. */
export interface EngineOptions {
  /** URL of the decision, such as `http://localhost:8181/v1/data/khipu/decision`. */
  readonly url: string;
  readonly token: string | null;
  /** Bounds one request, including its body. */
  readonly timeoutMs: number;
  /** How long an open circuit rejects requests before one may try; default 5 000. */
  readonly circuitOpenMs?: number;
}

/** Thrown when the engine gave no answer. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
  readonly code = 'POLICY_ENGINE_UNAVAILABLE';
  /** False when another request cannot help: the circuit is open, or the engine rejects our requests. */
  readonly retryable: boolean;
  readonly latencyMs: number;
  constructor(message: string, retryable: boolean, latencyMs: number) {
    super(message);
    this.retryable = retryable;
    this.latencyMs = latencyMs;
  }
}

/** A client of the external policy engine. */
export interface EngineClient {
  /** Sends one request. Rejects with EngineUnavailable, or with the reason of `signal`. */
  ask(input: EngineInput, signal: AbortSignal): Promise<EngineAnswer>;
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

/** A decision is small; a larger body is not a decision. */
const BODY_BYTES_MAX = 64 * 1024;
const HEALTH_MS_MAX = 1_500;
/** Returns true for transient statuses: too many requests, and failures of the engine. */
const passes = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Returns null for a body that is too long; the rest of it is not read. */
async function bodyOf(response: Response): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > BODY_BYTES_MAX) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Returns the cause of a failed fetch, without the URL. */
const whyOf = (error: unknown): string => messageOf((error as { cause?: unknown } | null)?.cause ?? error);

/**
 * Creates a client of OPA's data API (`POST /v1/data/<path>` with `{"input": …}`). Redirects are not followed, because the
 * token is for one host. The circuit opens when at least half of the last 20 requests failed, 5 or more of them seen.
 */
export function createEngineClient(options: EngineOptions, metrics: EngineMetrics): EngineClient {
  const { url, token, timeoutMs, circuitOpenMs = 5_000 } = options;
  const { host, origin } = new URL(url);
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof EngineUnavailable),
    { halfOpenAfter: circuitOpenMs, breaker: new CountBreaker({ threshold: 0.49, size: 20, minimumNumberOfCalls: 5 }) },
  );

  async function request(input: EngineInput, signal: AbortSignal): Promise<EngineAnswer> {
    const began = performance.now();
    const elapsedMs = (): number => Math.round(performance.now() - began);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify({ input }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, timeout]),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new EngineUnavailable(`answers ${response.status}`, passes(response.status), elapsedMs());
      }
      const body = await bodyOf(response);
      return { ...readAnswer(body ?? ''), latencyMs: elapsedMs() };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof EngineUnavailable) throw error;
      const why = timeout.aborted ? `no answer in ${timeoutMs} ms` : whyOf(error);
      throw new EngineUnavailable(why, true, elapsedMs());
    }
  }

  async function counted(input: EngineInput, signal: AbortSignal): Promise<EngineAnswer> {
    const end = metrics.seconds.startTimer();
    try {
      const answer = await request(input, signal);
      metrics.requests.inc({ outcome: answer.outcome });
      return answer;
    } catch (error) {
      if (error instanceof EngineUnavailable) metrics.requests.inc({ outcome: 'unavailable' });
      throw error;
    } finally {
      end();
    }
  }

  return {
    async ask(input, signal) {
      try {
        return await breaker.execute(() => counted(input, signal));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        metrics.requests.inc({ outcome: 'circuit-open' });
        throw new EngineUnavailable('it failed too often and gets no requests for a moment', false, 0);
      }
    },
    async health() {
      if (breaker.state === CircuitState.Open) return { ok: false, detail: `${host}: circuit open` };
      const signal = AbortSignal.timeout(HEALTH_MS_MAX);
      try {
        const response = await fetch(new URL('/health', origin), {
          headers: authorization,
          redirect: 'manual',
          signal,
        });
        await response.body?.cancel();
        return { ok: response.ok, detail: `${host} answers ${response.status}` };
      } catch (error) {
        return { ok: false, detail: `${host}: ${whyOf(error)}` };
      }
    },
  };
}
