import { codedError } from '../../kit/coded-error.ts';

/**
 * An error of a job with a stable code, in capitals. A step or a handler throws it to choose the code that callers see;
 * with `retryable: false` it is final: the step or the run is not repeated. A step that has failed for good throws it
 * into the handler, which may catch it.
 */
export class JobError extends codedError<string>('JobError') {
  readonly retryable: boolean;
  constructor(code: string, message: string, options: ErrorOptions & { readonly retryable?: boolean } = {}) {
    super(code, message, options);
    this.retryable = options.retryable ?? true;
  }
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
/** Longest detail in a record, in characters. */
const DETAIL_CHARS_MAX = 1_000;

/** Returns code, detail and whether another run may help, of anything that was thrown. */
export function failureOf(error: unknown, fallback: string): { code: string; detail: string; retryable: boolean } {
  const { code, retryable } = (error ?? {}) as { readonly code?: unknown; readonly retryable?: unknown };
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: typeof code === 'string' && CODE.test(code) ? code : fallback,
    detail: text.slice(0, DETAIL_CHARS_MAX),
    retryable: retryable !== false,
  };
}
