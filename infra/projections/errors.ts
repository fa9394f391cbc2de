import type { Disposition } from '../kafka/errors.ts';

/** Why a projection ends a life and begins the next, or does not begin. Each next life reads the positions anew. */
export const projectionErrorCodes = {
  /** The offset that a commit expected is not there: another process, or a rebuild, has moved on. Nothing was written. */
  PROJECTION_ZOMBIE: 'restart',
  /** The read model has read farther than the log is long: the log was replaced. Rebuild the view. */
  LOG_BEHIND_READ_MODEL: 'restart',
  /** The role stops. */
  PROJECTION_STOPPED: 'restart',
} as const satisfies Record<string, Disposition>;

export class ProjectionError extends Error {
  override readonly name = 'ProjectionError';
  readonly code: keyof typeof projectionErrorCodes;
  constructor(code: ProjectionError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One row of a record can never be written: the record goes to the dead letters. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError';
  readonly code = 'ROW_UNWRITABLE';
}

/** Why a rebuild or a comparison did not take place. What readers see is as it was. */
export type RebuildErrorCode =
  /** Another one is at work on this database. */
  | 'REBUILD_RUNNING'
  /** The view was never made: start its role once, or run `khipu projections migrate`. */
  | 'VIEW_NOT_MADE'
  /** Retention has removed records that the view is made of, and its rows do not say from which they came. */
  | 'LOG_TRUNCATED'
  /** Readers held the view's names for too long, each time it was tried. */
  | 'SWAP_TIMED_OUT';

export class RebuildError extends Error {
  override readonly name = 'RebuildError';
  readonly code: RebuildErrorCode;
  constructor(code: RebuildErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
