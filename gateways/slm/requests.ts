import { z } from 'zod';
import { fullNames } from '../../schemas/generated/records.ts';
import type { Caller } from '../shared/auth/caller.ts';
import type { Identity } from '../shared/idempotency.ts';
import type { Command } from '../shared/log/command-appender.ts';
import type { OutcomeRecord } from '../shared/log/outcomes.ts';
import type { ProblemCode } from '../shared/problems/catalogue.ts';
import { passes } from '../shared/problems/passing.ts';
import { Problem, refusalProblem } from '../shared/problems/problem.ts';
import type { StoredEvent } from '../shared/read-model.ts';
import { decisionBody, decisionFromWire, tokensSchema } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import type { embeddedBody, inferredBody } from './schemas.ts';

export type Answer = z.infer<typeof inferredBody> | z.infer<typeof embeddedBody>;

/** What a provider's failure is to a client. Others are SLM_FAILED. */
const failures: Readonly<Record<string, ProblemCode>> = {
  SLM_TIMEOUT: 'SLM_TIMEOUT',
  WORK_DEADLINE: 'SLM_TIMEOUT',
  SLM_UNAVAILABLE: 'SLM_UNAVAILABLE',
  SLM_CIRCUIT_OPEN: 'SLM_UNAVAILABLE',
  SLM_RATE_LIMITED: 'SLM_UNAVAILABLE',
  KILL_SWITCH: 'KILL_SWITCH',
};

const failure = (code: string, detail: string, requestId: string): Problem =>
  new Problem(failures[code] ?? 'SLM_FAILED', detail, { extensions: { slm_code: code, slm_request_id: requestId } });

/** The answer that an outcome gives. Throws the Problem that it is otherwise. */
export function answerOf(record: OutcomeRecord): Answer | null {
  switch (record.type) {
    case 'InferenceCompleted': {
      const { requestId, text, modelId, finishReason, tokensConsumed, latencyMs } = record.data;
      return {
        request_id: requestId,
        text,
        model_id: modelId,
        finish_reason: finishReason,
        tokens_consumed: tokensConsumed,
        latency_ms: latencyMs,
      };
    }
    case 'EmbeddingCompleted': {
      const { requestId, vectors, modelId, tokensConsumed, latencyMs } = record.data;
      const embeddings = vectors.map((vector) => [...vector]);
      return {
        request_id: requestId,
        embeddings,
        model_id: modelId,
        tokens_consumed: tokensConsumed,
        latency_ms: latencyMs,
      };
    }
    case 'InferenceFailed':
      throw failure(record.data.code, record.data.detail, record.data.requestId);
    case 'InferenceRefused':
      throw refusalProblem(record.data.code, record.data.detail, { decision: decisionBody(record.data.decision) });
    default:
      return null;
  }
}

const stored = z.object({
  request_id: z.string(),
  text: z.string().optional(),
  vectors: z.array(z.array(z.number())).optional(),
  finish_reason: z.enum(['stop', 'length']).optional(),
  model_id: z.string().default(''),
  tokens_consumed: tokensSchema.default({ prompt: 0, completion: 0 }),
  latency_ms: z.number().default(0),
  code: z.string().default(''),
  detail: z.string().default(''),
  decision: z.unknown(),
});

/** The same from the eventstore, for a request whose outcome passed long ago. */
function storedAnswerOf({ type, data }: StoredEvent): Answer | null {
  const { request_id, text, vectors, finish_reason, model_id, tokens_consumed, latency_ms, code, detail, decision } =
    stored.parse(data);
  const common = { request_id, model_id, tokens_consumed, latency_ms };
  if (type === fullNames.InferenceCompleted)
    return { ...common, text: text ?? '', finish_reason: finish_reason ?? 'stop' };
  if (type === fullNames.EmbeddingCompleted) return { ...common, embeddings: vectors ?? [] };
  if (type === fullNames.InferenceFailed) throw failure(code, detail, request_id);
  if (type === fullNames.InferenceRefused) throw refusalProblem(code, detail, { decision: decisionFromWire(decision) });
  return null;
}

/** Full names of the events that are an outcome. */
const outcomeTypes: ReadonlySet<string> = new Set([
  fullNames.InferenceCompleted,
  fullNames.EmbeddingCompleted,
  fullNames.InferenceFailed,
  fullNames.InferenceRefused,
]);

interface Told {
  readonly eventId: string;
  /** Ended by what passes: the same request may be answered later. */
  readonly stopped: boolean;
  /** Throws the Problem that it became. */
  answer(): Answer | null;
}

const isStop = (data: object): boolean => 'code' in data && passes(data.code);

const EVENTS_OF_REQUEST_MAX = 50;

export class SlmRequests {
  readonly #services: GatewayServices;

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  /** What became of a request that was made before; null when nothing is known of it. Throws the Problem that it became. */
  async known(tenantId: string, requestId: string): Promise<Answer | null> {
    return (await this.#told(tenantId, requestId))?.answer() ?? null;
  }

  /** The latest outcome: a request that a kill switch ended may have been asked again since. */
  async #told(tenantId: string, requestId: string): Promise<Told | null> {
    const recent = this.#services.outcomes.recent(requestId);
    if (recent !== undefined && recent.meta.tenantId === tenantId)
      return { eventId: recent.meta.id, stopped: isStop(recent.record.data), answer: () => answerOf(recent.record) };
    const page = await this.#services.readModel.events(tenantId, requestId, {
      limit: EVENTS_OF_REQUEST_MAX,
      cursor: null,
    });
    const event = page.items.findLast(({ type }) => outcomeTypes.has(type));
    if (event === undefined) return null;
    return { eventId: event.eventId, stopped: isStop(event.data), answer: () => storedAnswerOf(event) };
  }

  /** Appends the command and waits for the answer; null when there is none in time. Throws Problem and LogError. */
  async ask(
    command: Command,
    {
      identity,
      caller,
      traceparent,
      waitMs,
    }: { identity: Identity; caller: Caller; traceparent: string; waitMs: number },
  ): Promise<Answer | null> {
    const { outcomes, commands, metrics } = this.#services;
    // Before what is known of it is looked up: an outcome that comes in between is seen here.
    const waiting = outcomes.expect(identity.subjectId, waitMs);
    try {
      const told = identity.repeatable ? await this.#told(caller.tenantId, identity.subjectId) : null;
      const known = told?.stopped === false ? told.answer() : null;
      if (known !== null) return known;
      // What a kill switch ended is asked again as a command of its own: the first one was decided, and stays so.
      const id = told === null ? identity.commandId : identity.partId(`after/${told.eventId}`);
      await commands.append(command, { id, tenantId: caller.tenantId, traceparent });
      const since = performance.now();
      if (waitMs === 0) waiting.cancel();
      const outcome = await waiting.outcome;
      const result = outcome === null ? 'none' : outcome.record.type;
      metrics.outcomeWait.observe({ record: command.type, result }, (performance.now() - since) / 1000);
      return outcome === null ? null : answerOf(outcome.record);
    } finally {
      waiting.cancel();
    }
  }
}
