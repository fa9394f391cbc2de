import type { Schemas } from './api.ts';

/** Parts of an API error beside its code and detail. */
export interface ApiErrorOptions {
  /** HTTP status; null without an answer. */
  readonly status: number | null;
  /** The problem, when the answer was one. */
  readonly problem?: Schemas['Problem'] | undefined;
  readonly cause?: unknown;
}

/** An error of the HTTP API: an answer other than a success, or no answer. `message` is the detail of the problem. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Code of the problem; PLATFORM_DOWN without an answer, OUTCOME_PENDING for a 202, UNEXPECTED for an answer that is not a problem. */
  readonly code: string;
  readonly status: number | null;
  readonly problem: Schemas['Problem'] | undefined;

  constructor(code: string, detail: string, { status, problem, cause }: ApiErrorOptions) {
    super(detail, { cause });
    this.code = code;
    this.status = status;
    this.problem = problem;
  }

  /** True when the same request may succeed later: without an answer, or for a 5xx. */
  get isTransient(): boolean {
    return this.status === null || this.status >= 500;
  }
}

/** The body of an error in the envelope of the OpenAI API. */
interface OpenAiError {
  readonly error?: { readonly code?: string | null; readonly message?: string };
}

/** Returns the error of an answer that is not a success; `error` is its body, in either envelope of the gateway. */
export function problemError(error: unknown, { status }: Response): ApiError {
  const { code: inner, message } = (error as OpenAiError | null | undefined)?.error ?? {};
  if (typeof inner === 'string') return new ApiError(inner, message ?? `the gateway answered ${status}`, { status });
  const { code, title, detail = title } = (error ?? {}) as Partial<Schemas['Problem']>;
  if (code === undefined) return new ApiError('UNEXPECTED', `the gateway answered ${status}`, { status });
  return new ApiError(code, detail ?? `the gateway answered ${status}`, {
    status,
    problem: error as Schemas['Problem'],
  });
}

/** Returns the error of a call that rejected: `cause` itself when it is an ApiError, else PLATFORM_DOWN. `where` is the called URL. */
export const unanswered = (where: string, cause: unknown): ApiError =>
  cause instanceof ApiError
    ? cause
    : new ApiError('PLATFORM_DOWN', `${where} does not answer`, { status: null, cause });
