/** The vocabulary of read models in Redis: small, quick to read, and made again from the log when Redis lost them. */
import type { AnyRecord, AnyTopic, RecordsOf } from '../../streams/kernel.ts';
import type { ProjectedMeta } from '../kernel.ts';

/** A change of one Redis hash. The hash keeps the offset of the last change, and passes older ones over. */
export interface CacheWrite {
  /** All writes of one key come from one topic and one partition, so that offsets order them. */
  readonly key: string;
  readonly set?: Readonly<Record<string, string>>;
  /**
   * Adds a piece to the `text` of the hash. `index` counts the pieces of an attempt from 0, and a higher attempt starts
   * the text again. The hash keeps `attempt`, `pieces` (the index expected next) and `gap` ("1" when a piece is missing,
   * for instance because the key had expired: the text is then no prefix of the answer).
   */
  readonly append?: { readonly attempt: number; readonly index: number; readonly text: string };
  /** Life of the key from the record's time on, in ms; null keeps it for ever. */
  readonly ttlMs: number | null;
}

/** A read model in Redis. */
export interface CacheProjection {
  readonly kind: 'cache';
  readonly name: string;
  /** Raise it when `apply` changes: all keys are then made again under the new version. */
  readonly version: number;
  readonly inputs: readonly AnyTopic[];
  /** Total and pure. Throws only for bugs: the record is then dead-lettered. */
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly CacheWrite[];
}

export function cacheProjection<const In extends readonly AnyTopic[]>(
  spec: Omit<CacheProjection, 'kind' | 'inputs' | 'apply'> & {
    readonly inputs: In;
    readonly apply: (record: RecordsOf<In>, meta: ProjectedMeta) => readonly CacheWrite[];
  },
): CacheProjection {
  return { kind: 'cache', ...spec } as unknown as CacheProjection;
}

/** The full Redis key of a hash of a view. */
export const cacheKey = (view: { readonly name: string; readonly version: number }, key: string): string =>
  `khipu:${view.name}:v${view.version}:${key}`;
