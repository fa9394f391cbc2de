/**
 * The port to a small language model. One interface, three adapters (`local`, `openai`, `deterministic`), one contract
 * suite (`provider-contract.ts`) that all of them pass.
 *
 * Promises of every adapter:
 * - `complete` yields zero or more `delta` chunks and then exactly one `done`, whose `text` is the concatenation of the
 *   deltas. A delta is never empty. Nothing follows `done`.
 * - Nothing starts before the first `next()`. Leaving the loop early cancels the call, as aborting `signal` does.
 * - Every failure is an `SlmProviderError`. It may come after deltas; whoever calls again then has to begin anew.
 * - Calls are independent: a slow, failing or cancelled call changes nothing in another one.
 */

export interface SlmMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface SlmCall {
  readonly requestId: string;
  /** The model asked for; `null` takes the adapter's own. One that the adapter has not is `SLM_MODEL_MISSING`. */
  readonly model: string | null;
  /** 1 to 256 messages, oldest first. */
  readonly messages: readonly SlmMessage[];
  /** At most so many tokens in the answer, 1 or more. Adapters may stop earlier where their context ends. */
  readonly maxTokens: number;
  /** 0 (always the likeliest token) to 2. */
  readonly temperature: number;
  /** A non-negative integer. Same seed, same messages, same model: the same answer, as far as the adapter can. */
  readonly seed: number;
  /** Who must not crowd out others, usually the session id. Calls with the same key are served in order, keys take turns. */
  readonly fairnessKey?: string | undefined;
}

export interface SlmUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Times are measured from the first `next()`, so they contain queueing and retries: what the caller has waited. */
export interface SlmDone {
  readonly kind: 'done';
  readonly text: string;
  readonly modelId: string;
  readonly finishReason: 'stop' | 'length';
  readonly usage: SlmUsage;
  /** Equals `latencyMs` for an answer of no text. */
  readonly timeToFirstTokenMs: number;
  readonly latencyMs: number;
}

export type SlmChunk = { readonly kind: 'delta'; readonly text: string } | SlmDone;

export interface SlmEmbeddings {
  readonly modelId: string;
  /** One vector an input, in the order of the inputs, of length 1 (L2). */
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
}

export interface SlmProvider {
  readonly name: 'local' | 'openai' | 'deterministic';
  readonly modelId: string;
  complete(call: SlmCall, signal: AbortSignal): AsyncIterable<SlmChunk>;
  /** 1 to 256 inputs, none of them empty. */
  embed(input: readonly string[], signal: AbortSignal): Promise<SlmEmbeddings>;
  /** Never throws. `detail` is one line for an operator. */
  health(): Promise<{ ok: boolean; detail: string }>;
  /** Open calls fail as `SLM_UNAVAILABLE`. May be called twice. */
  close(): Promise<void>;
}

/** Whether the same call, made again later, may succeed. The caller decides how often; adapters retry only before a token. */
const retryableByCode = {
  SLM_TIMEOUT: true,
  SLM_UNAVAILABLE: true,
  SLM_CIRCUIT_OPEN: true,
  SLM_RATE_LIMITED: true,
  SLM_REJECTED: false,
  SLM_CANCELLED: false,
  SLM_MODEL_MISSING: false,
} as const;

export type SlmErrorCode = keyof typeof retryableByCode;

export const slmErrorCodes = Object.keys(retryableByCode) as readonly SlmErrorCode[];

export class SlmProviderError extends Error {
  override readonly name = 'SlmProviderError';
  readonly code: SlmErrorCode;
  readonly retryable: boolean;
  /** What the server asked for (`Retry-After`), or null. */
  readonly retryAfterMs: number | null;

  constructor(code: SlmErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number | null } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = retryableByCode[code];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
