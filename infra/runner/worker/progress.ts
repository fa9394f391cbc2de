/**
 * The progress of a worker in one partition: the lowest unfinished offset is committed. The metadata of the commit
 * records which later offsets are finished and how often unfinished records were begun, so that a new owner neither
 * repeats a finished record nor forgets an attempt. Source: Confluent's parallel-consumer, which encodes its offset map
 * the same way.
 *
 * Metadata, ASCII: `1;<base64 bitmap of finished offsets, bit 0 = the committed offset>;<offset:attempts,…>`.
 */
const FORMAT = '1';
/** Kafka refuses a commit with longer metadata (offset.metadata.max.bytes). */
const METADATA_BYTES_MAX = 4_096;
/** Offsets from the lowest unfinished to the highest taken. 16,384 bits take 2,732 characters of base64. */
export const WINDOW_OFFSETS = 16_384;

/** Finished offsets and attempts of one partition. Metadata in another format is ignored. */
export class Progress {
  #base: number;
  /** Next offset to take. */
  #end: number;
  readonly #finished = new Set<number>();
  readonly #attempts = new Map<number, number>();

  constructor(base: number, metadata = '') {
    this.#base = base;
    this.#end = base;
    const [format, bitmap = '', attempts = ''] = metadata.split(';');
    if (format !== FORMAT) return;
    Buffer.from(bitmap, 'base64').forEach((byte, index) => {
      for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) this.#finished.add(base + index * 8 + bit);
    });
    for (const pair of attempts.split(',').filter((text) => text !== '')) {
      const [offset, count] = pair.split(':');
      this.#attempts.set(base + Number(offset), Number(count));
    }
  }

  /** Lowest unfinished offset: all below it are finished. */
  get base(): number {
    return this.#base;
  }

  /** Returns whether the offset fits into the window. */
  hasRoom(offset: number): boolean {
    return offset - this.#base < WINDOW_OFFSETS;
  }

  isFinished(offset: number): boolean {
    return offset < this.#base || this.#finished.has(offset);
  }

  /**
   * Records that all offsets below `next` were read. Offsets without a record in `records` (markers, aborted records)
   * count as finished.
   */
  passTo(next: number, records: readonly number[]): void {
    const present = new Set(records);
    for (let offset = this.#end; offset < next; offset += 1) if (!present.has(offset)) this.#finished.add(offset);
    this.#end = Math.max(this.#end, next);
    this.#slide();
  }

  /** Counts a run of the record. Returns its number, from 1. */
  begin(offset: number): number {
    const attempt = (this.#attempts.get(offset) ?? 0) + 1;
    this.#attempts.set(offset, attempt);
    return attempt;
  }

  /** Records that an offset is finished, and forgets its attempts. */
  finish(offset: number): void {
    this.#finished.add(offset);
    this.#attempts.delete(offset);
    this.#slide();
  }

  /**
   * Returns the values to commit: the lowest unfinished offset, and the rest as metadata. Offsets beyond the window are
   * not recorded. A full window leaves room for the attempts of at least the lowest 150 unfinished offsets; the others
   * begin again at 1 after a crash, and get room when lower ones finish.
   */
  snapshot(): { offset: number; metadata: string } {
    const finished = [...this.#finished].filter((offset) => this.hasRoom(offset));
    let highest = this.#base - 1;
    for (const offset of finished) if (offset > highest) highest = offset;
    const bitmap = Buffer.alloc(Math.ceil((highest - this.#base + 1) / 8));
    for (const offset of finished) {
      const index = offset - this.#base;
      bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
    }
    const head = `${FORMAT};${bitmap.toString('base64')};`;
    return { offset: this.#base, metadata: head + this.#attemptsText(METADATA_BYTES_MAX - head.length) };
  }

  #attemptsText(charsMax: number): string {
    let text = '';
    for (const [offset, count] of [...this.#attempts].sort(([a], [b]) => a - b)) {
      const pair = `${text === '' ? '' : ','}${offset - this.#base}:${count}`;
      if (text.length + pair.length > charsMax) break;
      text += pair;
    }
    return text;
  }

  #slide(): void {
    while (this.#base < this.#end && this.#finished.delete(this.#base)) this.#base += 1;
  }
}
