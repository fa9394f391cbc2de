import type { Disposition } from '../kafka/errors.ts';
import { codedError } from '../kit/coded-error.ts';
import { messageOf } from '../kit/errors.ts';

/**
 * Reasons for which a projection run ends and the next begins, or does not begin. Each new run reads the positions
 * again.
 */
export const projectionErrorCodes = {
  /**
   * An offset differs from the one that a commit expected: another process, or a rebuild, has moved it. Nothing was
   * written.
   */
  PROJECTION_ZOMBIE: 'restart',
  /** The read model's offsets are beyond the end of the log: the log was replaced. Rebuild the view. */
  LOG_BEHIND_READ_MODEL: 'restart',
  /** A store is unavailable and as many records wait for it as fit in memory: the next life reads them again. */
  STORE_STALLED: 'restart',
  /** The role stops. */
  PROJECTION_STOPPED: 'restart',
} as const satisfies Record<string, Disposition>;

/** A failure of a projection, with a stable code and its disposition. */
export class ProjectionError extends codedError<keyof typeof projectionErrorCodes>('ProjectionError') {}

/** Thrown when a row of a record can never be written: the record goes to the dead letters. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError';
  readonly code = 'ROW_UNWRITABLE';
}

/** Thrown when a commit of some views fails while that of others succeeds: they are then written by themselves. */
export class ViewsApart extends Error {
  override readonly name = 'ViewsApart';
  readonly code = 'VIEWS_APART';
  readonly views: readonly string[];

  constructor(views: readonly string[], cause: unknown) {
    super(`${views.join(', ')}: ${messageOf(cause)}`, { cause });
    this.views = views;
  }
}

/** Reasons for which a rebuild or a comparison did not happen. Readers see the same rows as before. */
export type RebuildErrorCode =
  /** Another rebuild runs on this database. */
  | 'REBUILD_RUNNING'
  /** The view does not exist yet: start its role once, or run `khipu projections migrate`. */
  | 'VIEW_NOT_MADE'
  /** Retention has removed records that the view is made of, and its rows do not name their records. */
  | 'LOG_TRUNCATED'
  /** In every attempt readers held locks on the view's names for too long. */
  | 'SWAP_TIMED_OUT';

/** A failure of a rebuild or a comparison. */
export class RebuildError extends codedError<RebuildErrorCode>('RebuildError') {}
