/**
 * The port to a small language model. One interface, three adapters (`local`, `openai`, `deterministic`), one contract
 * suite (`provider-contract.ts`) that all of them pass.
 *
 * Guarantees of every adapter:
 * - `complete` yields zero or more `delta` chunks and then exactly one `done`, whose `text` is the concatenation of the
 *   deltas. A delta is never empty. Nothing follows `done`.
 * - Nothing starts before the first `next()`. Leaving the loop early cancels the call, as aborting `signal` does.
 * - Every failure is an `SlmProviderError`. It may follow deltas; a caller that retries must discard them.
 * - Calls are independent: a slow, failing or cancelled call has no effect on another one.
 */
import type { FinishReason } from '../../schemas/generated/records.ts';

/** A call of a tool that a model asks for: nothing has been called yet. */
export interface SlmToolCall {
  /** Names the call within the conversation. */
  readonly id: string;
  /** The tool, by the name that the model was given. */
  readonly name: string;
  /** As the model wrote it: JSON, not checked against the schema of the tool. */
  readonly arguments: string;
}

/** One message of a conversation. */
export type SlmMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  /** `content` is empty when the message only asks for tools. */
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly SlmToolCall[] }
  /** The result of a call, by the id of an earlier assistant message. */
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string };

/** A tool that an answer may ask for. */
export interface SlmTool {
  /** 1 to 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /** What it does, for the model; may be empty. */
  readonly description: string;
  /** JSON Schema of its arguments, as JSON text. */
  readonly parameters: string;
}

/** Whether an answer may or must ask for tools; `{ name }` is the one that it must ask for. */
export type SlmToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** The form of an answer: any JSON object, or JSON of a schema. */
export type SlmFormat =
  | { readonly kind: 'json_object' }
  | {
      readonly kind: 'json_schema';
      readonly name: string;
      readonly description: string | null;
      /** A JSON Schema as JSON text. */
      readonly schema: string;
      readonly strict: boolean;
    };

/** One chat completion. */
export interface SlmCall {
  readonly requestId: string;
  /**
   * The requested model; `null` uses the adapter's own. A model that the adapter does not have fails with
   * `SLM_MODEL_MISSING`.
   */
  readonly model: string | null;
  /** 1 to 256 messages, oldest first. */
  readonly messages: readonly SlmMessage[];
  /** The most tokens in the answer, 1 or more. Adapters may stop earlier at the end of their context. */
  readonly maxTokens: number;
  /** 0 (always the most likely token) to 2. */
  readonly temperature: number;
  /** A non-negative integer. Same seed, same messages, same model: the same answer, as far as the adapter can. */
  readonly seed: number;
  /** Texts that end the answer, at most 4; the answer does not contain them. None when omitted. */
  readonly stop?: readonly string[];
  /**
   * The form of the answer; text when omitted. An adapter whose model cannot be held to it fails with
   * `SLM_FORMAT_UNSUPPORTED`. An answer that ends at `maxTokens` may be incomplete JSON.
   */
  readonly format?: SlmFormat;
  /** Tools that the answer may ask for, at most 128; none when omitted. An adapter that cannot offer them fails with `SLM_TOOLS_UNSUPPORTED`. */
  readonly tools?: readonly SlmTool[];
  /** `auto` when omitted. */
  readonly toolChoice?: SlmToolChoice;
  /** False: the answer asks for at most one call; true when omitted. */
  readonly parallelToolCalls?: boolean;
  /** The unit of fairness, usually the session id. Calls with the same key are served in order, keys in turn. */
  readonly fairnessKey?: string | undefined;
}

/** Tokens that a call used. */
export interface SlmUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/**
 * The end of an answer. Times are measured from the first `next()`, so they include queueing and retries: the caller's
 * wait.
 */
export interface SlmDone {
  readonly kind: 'done';
  readonly text: string;
  /** The calls that the answer asks for, in its order; none when omitted. `finishReason` is then `tool_calls`. */
  readonly toolCalls?: readonly SlmToolCall[];
  readonly modelId: string;
  readonly finishReason: FinishReason;
  readonly usage: SlmUsage;
  /** Equals `latencyMs` for an empty answer. */
  readonly timeToFirstTokenMs: number;
  readonly latencyMs: number;
}

/** A part of an answer. */
export type SlmChunk = { readonly kind: 'delta'; readonly text: string } | SlmDone;

/** A request for embeddings. */
export interface SlmEmbeddingCall {
  /** As in SlmCall. */
  readonly model: string | null;
  /** 1 to 256 non-empty texts. */
  readonly input: readonly string[];
}

/** The answer to an embedding request. */
export interface SlmEmbeddings {
  readonly modelId: string;
  /** One vector per input, in the order of the inputs, of length 1 (L2). */
  readonly vectors: readonly (readonly number[])[];
  readonly promptTokens: number;
}

/** Kinds of providers: the names of the adapters. */
export type ProviderKind = 'local' | 'openai' | 'deterministic';

/** A small language model. See the guarantees at the top of this file. */
export interface SlmProvider {
  readonly name: ProviderKind;
  readonly modelId: string;
  complete(call: SlmCall, signal: AbortSignal): AsyncIterable<SlmChunk>;
  embed(call: SlmEmbeddingCall, signal: AbortSignal): Promise<SlmEmbeddings>;
  /** Reports health. Never throws. `detail` is one line for an operator. */
  health(): Promise<{ ok: boolean; detail: string }>;
  /** True while calls are refused without being sent, because too many have failed. */
  circuitOpen(): boolean;
  /** Closes the provider. Open calls fail as `SLM_UNAVAILABLE`. May be called twice. */
  close(): Promise<void>;
}

/**
 * Whether the same call may succeed later. The caller decides about retries; adapters retry only before the first
 * token.
 */
const retryableByCode = {
  SLM_TIMEOUT: true,
  SLM_UNAVAILABLE: true,
  SLM_CIRCUIT_OPEN: true,
  SLM_RATE_LIMITED: true,
  SLM_REJECTED: false,
  SLM_ANSWER_INVALID: false,
  SLM_CANCELLED: false,
  SLM_MODEL_MISSING: false,
  SLM_FORMAT_UNSUPPORTED: false,
  SLM_TOOLS_UNSUPPORTED: false,
} as const;

/** The codes of SlmProviderError. */
export type SlmErrorCode = keyof typeof retryableByCode;

export const slmErrorCodes = Object.keys(retryableByCode) as readonly SlmErrorCode[];

/** The failure of a call, with a stable code. */
export class SlmProviderError extends Error {
  override readonly name = 'SlmProviderError';
  readonly code: SlmErrorCode;
  readonly retryable: boolean;
  /** The pause that the server requested (`Retry-After`), or null. */
  readonly retryAfterMs: number | null;

  constructor(code: SlmErrorCode, message: string, options: { cause?: unknown; retryAfterMs?: number | null } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = retryableByCode[code];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
