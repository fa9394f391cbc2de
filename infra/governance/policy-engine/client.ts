import type { EngineAnswer } from '../../../schemas/generated/records.ts';
import { createService, OutsideUnavailable, type ServiceOptions } from '../outside/service.ts';
import { readAnswer } from './answer.ts';
import type { EngineInput } from './input.ts';
import type { EngineMetrics } from './metrics.ts';

/** The engine, and the bounds of its client. Its URL is that of the decision: `http://localhost:8181/v1/data/khipu/decision`. */
export type EngineOptions = ServiceOptions;

/** Thrown when the engine gave no answer. */
export class EngineUnavailable extends OutsideUnavailable {
  override readonly name = 'EngineUnavailable';
  override readonly code = 'POLICY_ENGINE_UNAVAILABLE';
}

/** A client of the external policy engine. */
export interface EngineClient {
  /** Sends one request. Rejects with EngineUnavailable, or with the reason of `signal`. */
  ask(input: EngineInput, signal: AbortSignal): Promise<EngineAnswer>;
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

/** A decision is small; a larger body is not a decision. */
const BODY_BYTES_MAX = 64 * 1024;

/** Creates a client of OPA's data API (`POST /v1/data/<path>` with `{"input": …}`). */
export function createEngineClient(options: EngineOptions, metrics: EngineMetrics): EngineClient {
  const service = createService<EngineAnswer>(options, {
    ...{ bodyBytesMax: BODY_BYTES_MAX, healthPath: '/health', unavailable: EngineUnavailable },
    read: (body, latencyMs) => ({ ...readAnswer(body), latencyMs }),
    started: () => metrics.seconds.startTimer(),
    counted: (answer) => metrics.requests.inc({ outcome: typeof answer === 'string' ? answer : answer.outcome }),
  });
  return { ask: (input, signal) => service.ask({ input }, signal), health: () => service.health() };
}
