import { codeOf, messageOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import { ProjectionError, UnwritableError, ViewsApart } from '../errors.ts';
import { halves } from './advances.ts';
import type { Part, StoreViews, ViewPart } from './bound-view.ts';
import type { Refused } from './interpret.ts';
import type { ProjectionMetrics } from './metrics.ts';
import type { TrackedView } from './tracked-view.ts';
import type { TransientRetry } from './transient-retry.ts';

/** The services of a Committer. */
export interface CommitterOptions {
  readonly store: StoreViews;
  /** Writes a dead letter; resolves once the log has it. A crash before the next commit may write it again. */
  readonly deadLetter: (view: string, refused: Refused) => Promise<void>;
  readonly metrics: ProjectionMetrics;
  readonly logger: Logger;
}

/** Attempts of a commit of several views before each of them is committed by itself. */
const JOINT_ATTEMPTS_MAX = 3;

/**
 * Commits the parts of several views in one transaction. When that fails, commits each view by itself, so that a record
 * or a table of one view never holds up the others: a row that the store can never accept is found by bisection and its
 * record is dead-lettered; a view that fails while others succeed ends with ViewsApart.
 */
export class Committer {
  readonly #o: CommitterOptions;
  readonly #retry: TransientRetry;
  readonly #views: ReadonlyMap<string, TrackedView>;

  constructor(options: CommitterOptions, views: readonly TrackedView[], retry: TransientRetry) {
    this.#o = options;
    this.#retry = retry;
    this.#views = new Map(views.map((view) => [view.name, view]));
  }

  /**
   * Resolves when every part is committed. Rejects with ViewsApart, with PROJECTION_ZOMBIE, and with PROJECTION_STOPPED.
   */
  async commit(parts: readonly ViewPart[]): Promise<void> {
    let left: readonly ViewPart[] = parts.filter(({ advances }) => advances.length > 0);
    const [only] = left;
    if (only !== undefined && this.#views.size === 1) return this.#commitOne(only, true, Number.POSITIVE_INFINITY);
    while (left.length > 0) {
      try {
        return await this.#write(left, false, JOINT_ATTEMPTS_MAX);
      } catch (error) {
        if (error instanceof ProjectionError) throw error;
        left = await this.#commitEach(left);
      }
    }
  }

  /** Dead-letters a record for one view. */
  async refuse(view: string, refused: Refused): Promise<void> {
    const { logger, metrics } = this.#o;
    const { record, error } = refused;
    const { topic, partition, offset } = record;
    logger.error({ view, topic, partition, offset, code: codeOf(error), detail: messageOf(error) }, 'dead letter');
    await this.#retry.run(() => this.#o.deadLetter(view, refused));
    metrics.deadLetters.inc({ view, code: codeOf(error) });
  }

  async #write(parts: readonly ViewPart[], waits: boolean, attemptsMax: number): Promise<void> {
    await this.#retry.run(() => this.#o.store.commit(parts, { waits }), attemptsMax);
    this.#o.metrics.transactions.inc({ store: this.#o.store.store });
    for (const { view, advances } of parts) this.#views.get(view)?.committed.settle(advances);
  }

  /** Commits each part by itself, once. Resolves with all parts when none of several could be: the store is unavailable. */
  async #commitEach(parts: readonly ViewPart[]): Promise<readonly ViewPart[]> {
    const failed: string[] = [];
    let cause: unknown;
    for (const part of parts) {
      try {
        await this.#commitOne(part, false, 1);
      } catch (error) {
        if (error instanceof ProjectionError) throw error;
        failed.push(part.view);
        cause = error;
      }
    }
    if (failed.length === 0) return [];
    if (failed.length > 1 && failed.length === parts.length && codeOf(cause) !== 'UNEXPECTED') return parts;
    throw new ViewsApart(failed, cause);
  }

  async #commitOne(part: ViewPart, waits: boolean, attemptsMax: number): Promise<void> {
    if (part.advances.length === 0) return;
    try {
      await this.#write([part], waits, attemptsMax);
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error;
      const { view } = part;
      const [only, ...others] = part.items;
      if (only === undefined) throw error;
      if (others.length === 0) {
        await this.refuse(view, { record: only.record, error });
        return this.#commitOne({ view, items: [], advances: part.advances }, waits, attemptsMax);
      }
      for (const half of halves(part as Part)) await this.#commitOne({ view, ...half }, waits, attemptsMax);
    }
  }
}
