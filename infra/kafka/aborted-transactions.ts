/** The aborted transactions that an answer to a fetch names for a partition, in any order. */
export type AbortedRanges<Id> = readonly { readonly producerId: Id; readonly firstOffset: number }[];

/** Returns true for the key of an abort marker: after its version, 0 is an abort and 1 a commit (KIP-98). */
export const isAbortMarker = (key: Buffer | null | undefined): boolean => key?.readInt16BE(2) === 0;

/**
 * Follows the aborted transactions of a partition through an answer, by ascending offsets, as the Java client does: an
 * aborted transaction begins at its first offset and ends at its own abort marker, which the answer may not have.
 */
export class AbortedTransactions<Id> {
  /** By first offset, descending: the broker lists them in the order in which they were aborted. */
  readonly #coming: { readonly producerId: Id; readonly firstOffset: number }[];
  readonly #open = new Set<Id>();

  constructor(aborted: AbortedRanges<Id>) {
    this.#coming = [...aborted].sort((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Begins the transactions whose first offset is reached. */
  passTo(offset: number): void {
    for (let next = this.#coming.at(-1); next !== undefined && next.firstOffset <= offset; next = this.#coming.at(-1)) {
      this.#open.add(next.producerId);
      this.#coming.pop();
    }
  }

  /** Ends the transaction of a producer, at its abort marker. */
  end(producerId: Id): void {
    this.#open.delete(producerId);
  }

  /** Returns true for a transactional record of an aborted transaction. */
  has(producerId: Id): boolean {
    return this.#open.has(producerId);
  }
}
