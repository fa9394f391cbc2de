import type { SlmErrorCode, SlmFormat, SlmMessage, SlmUsage } from '../provider.ts';
import type { CallForm } from './tool-grammar.ts';

/**
 * The messages between the parent and its model process, over the IPC channel of `child_process.fork` (advanced
 * serialization).
 */

/** A chat completion. */
export interface CompleteCommand {
  readonly type: 'complete';
  readonly id: number;
  readonly messages: readonly SlmMessage[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly stop: readonly string[];
  readonly format: SlmFormat | null;
  /** The form of an answer that may ask for tools; it then includes `format`. Null without tools. */
  readonly calls: CallForm | null;
}

/** The embedding of texts. */
export interface EmbedCommand {
  readonly type: 'embed';
  readonly id: number;
  readonly input: readonly string[];
}

/** The parent sends one job at a time and the next after its answer; `cancel` is the only message in between. */
export type JobCommand = CompleteCommand | EmbedCommand;
export type ParentMessage = JobCommand | { readonly type: 'cancel'; readonly id: number };

/** The answer to a job. */
export type JobAnswer =
  | {
      readonly type: 'completed';
      readonly id: number;
      readonly finishReason: 'stop' | 'length';
      readonly usage: SlmUsage;
    }
  | {
      readonly type: 'embedded';
      readonly id: number;
      readonly vectors: readonly (readonly number[])[];
      readonly promptTokens: number;
    }
  | { readonly type: 'refused'; readonly id: number; readonly code: SlmErrorCode; readonly message: string };

/** A message from the model process. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly loadMs: number; readonly contextSize: number }
  | { readonly type: 'broken'; readonly message: string }
  | { readonly type: 'delta'; readonly id: number; readonly text: string }
  | JobAnswer;

/** The start options of the child, passed as its only argument in JSON. */
export interface ChildOptions {
  readonly modelPath: string;
  /** Tokens of prompt and answer together. */
  readonly contextSize: number;
  /** Tokens of one text to embed. */
  readonly embeddingContextSize: number;
}
