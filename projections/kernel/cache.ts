/** The vocabulary of read models in Redis: small, quick to read, and rebuilt from the log when Redis lost them. */
import type { AnyRecord, AnyTopic, RecordsOf } from '../../streams/kernel.ts';
import type { ProjectedMeta } from '../kernel.ts';

/** A change of one Redis hash. The hash keeps the offset of its last change and ignores older changes. */
export interface CacheWrite {
  /** All writes of one key come from one topic and one partition, so that offsets order them. */
  readonly key: string;
  readonly set?: Readonly<Record<string, string>>;
  /**
   * Appends a piece to the `text` of the hash. `start` is the length of the attempt's text before the piece, in UTF-16
   * code units; a higher attempt restarts the text. The hash keeps `attempt`, `length` (the start expected next) and
   * `gap` ("1" when a piece is missing, for instance because the key had expired: the text is then not a prefix of the
   * answer).
   */
  readonly append?: { readonly attempt: number; readonly start: number; readonly text: string };
  /** Time to live of the key from the record's time on, in ms; null: it never expires. */
  readonly ttlMs: number | null;
}

/** A read model in Redis. */
export interface CacheProjection {
  readonly kind: 'cache';
  readonly name: string;
  /** Raise it when `apply` changes: all keys are then rebuilt under the new version. */
  readonly version: number;
  readonly inputs: readonly AnyTopic[];
  /** Total and pure. Throws only for bugs; the record is then dead-lettered. */
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly CacheWrite[];
}

/** Declares a read model in Redis. */
export function cacheProjection<const In extends readonly AnyTopic[]>(
  spec: Omit<CacheProjection, 'kind' | 'inputs' | 'apply'> & {
    readonly inputs: In;
    readonly apply: (record: RecordsOf<In>, meta: ProjectedMeta) => readonly CacheWrite[];
  },
): CacheProjection {
  return { kind: 'cache', ...spec } as unknown as CacheProjection;
}

/** Returns the full Redis key of a view's hash. */
export const cacheKey = (view: { readonly name: string; readonly version: number }, key: string): string =>
  `khipu:${view.name}:v${view.version}:${key}`;
