import { codedError } from '../kit/coded-error.ts';

/** Stable codes of tools; events and answers have them. */
export type ToolCode =
  | 'SANDBOX_UNAVAILABLE'
  | 'TOOL_ADAPTER_UNAVAILABLE'
  | 'TOOL_ANSWER_INVALID'
  | 'TOOL_ARGUMENTS_INVALID'
  | 'TOOL_CONTENT_REFUSED'
  | 'TOOL_CREDENTIAL_REQUIRED'
  | 'TOOL_CREDENTIAL_UNAVAILABLE'
  | 'TOOL_DEFINITION_CHANGED'
  | 'TOOL_FAILED'
  | 'TOOL_INPUT_REQUIRED'
  | 'TOOL_DATABASE_REFUSED'
  | 'TOOL_INVALID'
  | 'TOOL_NOT_FOUND'
  | 'TOOL_OUTCOME_UNKNOWN'
  | 'TOOL_OUTPUT_INVALID'
  | 'TOOL_OUTPUT_NOT_KEPT'
  | 'TOOL_OUTPUT_TOO_LARGE'
  | 'TOOL_PROGRAM_FAILED'
  | 'TOOL_QUOTA_EXCEEDED'
  | 'TOOL_RATE_LIMITED'
  | 'TOOL_RATE_UNKNOWN'
  | 'TOOL_REFUSED'
  | 'TOOL_REQUEST_REFUSED'
  | 'TOOL_TIMEOUT'
  | 'TOOL_UNAVAILABLE';

/**
 * The effect after an error, as far as it is known. `none`: the request did not leave, or the other side says that nothing
 * happened. `done`: it took place, and only its answer is of no use. `unknown`: it may have taken place.
 */
export type EffectKnown = 'none' | 'done' | 'unknown';

/** The calls of a minute that a further call found spent. */
interface SpentRate {
  readonly perMinute: number;
  /** Time until the next minute begins, in ms. */
  readonly waitMs: number;
}

interface ToolErrorOptions extends ErrorOptions {
  readonly effect: EffectKnown;
  /** True when another run may help. */
  readonly canRetry?: boolean;
  /** Of TOOL_RATE_LIMITED. */
  readonly rate?: SpentRate;
}

/** The failure of a manifest, an adapter or a call. The message has no credential, no argument and no answer. */
export class ToolError extends codedError<ToolCode>('ToolError') {
  readonly effect: EffectKnown;
  readonly canRetry: boolean;
  readonly rate: SpentRate | null;

  constructor(code: ToolCode, detail: string, { effect, canRetry = false, rate, ...options }: ToolErrorOptions) {
    super(code, detail, options);
    this.effect = effect;
    this.canRetry = canRetry;
    this.rate = rate ?? null;
  }
}
