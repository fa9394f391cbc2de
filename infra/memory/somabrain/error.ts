import { codedError } from '../../kit/coded-error.ts';

/** Stable codes of the client of SomaBrain. */
export type SomaBrainCode =
  | 'SOMABRAIN_ANSWER_INVALID'
  | 'SOMABRAIN_CIRCUIT_OPEN'
  | 'SOMABRAIN_REFUSED'
  | 'SOMABRAIN_TIMEOUT'
  | 'SOMABRAIN_UNAVAILABLE';

interface SomaBrainErrorOptions extends ErrorOptions {
  /** HTTP status of the answer; null without one. */
  readonly status?: number | null;
  /** Code of the problem that the service answered with; null without one. */
  readonly problem?: string | null;
}

/** The failure of a request to SomaBrain. The message has no text of a memory and no credential. */
export class SomaBrainError extends codedError<SomaBrainCode>('SomaBrainError') {
  readonly status: number | null;
  readonly problem: string | null;
  /** True when the same request may succeed later. */
  readonly canRetry: boolean;

  constructor(code: SomaBrainCode, detail: string, options: SomaBrainErrorOptions = {}) {
    const { status = null, problem = null, ...rest } = options;
    super(code, detail, rest);
    this.status = status;
    this.problem = problem;
    this.canRetry = code !== 'SOMABRAIN_REFUSED' && code !== 'SOMABRAIN_ANSWER_INVALID';
  }
}
