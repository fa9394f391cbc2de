/** What kind of process reads topics. */
export type ReaderKind = 'processor' | 'worker' | 'observer' | 'view';

/** A reader of topics, as it is declared. */
export interface DeclaredReader {
  readonly name: string;
  readonly kind: ReaderKind;
  /** Topology that the processor is a member of; null for a reader that is in none. */
  readonly topology: string | null;
  /** Names of topics. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** A reader that commits its positions under a consumer group. */
export interface GroupedReader {
  readonly name: string;
  readonly kind: Exclude<ReaderKind, 'view'>;
  readonly group: string;
  readonly topics: readonly string[];
}

/**
 * The declarations of processors, workers, observers and views, as far as a gateway shows them. The command that starts a
 * gateway passes them in: a gateway imports no processor.
 */
export interface DeclaredPlatform {
  /** Every reader, with the topics that it reads and writes. */
  readonly readers: readonly DeclaredReader[];
  /** The readers with a consumer group, in a layout of topologies. */
  readonly groups: (layout: 'chained' | 'apart') => readonly GroupedReader[];
}
