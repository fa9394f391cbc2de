/**
 * How far a worker got in one partition: the lowest unfinished offset is committed, what was finished beyond it and how
 * often unfinished records were begun is told in the commit's metadata, so that a new owner neither repeats a finished
 * record nor forgets an attempt. After Confluent's parallel-consumer, which encodes its offset map the same way.
 *
 * Metadata, ASCII: `1;<base64 bitmap of finished offsets, bit 0 = the committed offset>;<offset:attempts,…>`.
 */
const FORMAT = '1';
/** Kafka refuses a commit with more (offset.metadata.max.bytes). */
const METADATA_BYTES_MAX = 4_096;
/** Offsets from the lowest unfinished to the highest taken. 16,384 bits are 2,732 characters of base64. */
export const WINDOW_OFFSETS = 16_384;

export class Progress {
  #base: number;
  /** Next offset to be taken. */
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

  /** Lowest offset that is not finished: everything below it is. */
  get base(): number {
    return this.#base;
  }

  /** True while another offset fits into the window. */
  hasRoom(offset: number): boolean {
    return offset - this.#base < WINDOW_OFFSETS;
  }

  isFinished(offset: number): boolean {
    return offset < this.#base || this.#finished.has(offset);
  }

  /** Offsets below `next` were read. Those that hold no record of ours (markers, aborted ones) count as finished. */
  passTo(next: number, records: readonly number[]): void {
    const present = new Set(records);
    for (let offset = this.#end; offset < next; offset += 1) if (!present.has(offset)) this.#finished.add(offset);
    this.#end = Math.max(this.#end, next);
    this.#slide();
  }

  /** Number of this run of the record, from 1. */
  begin(offset: number): number {
    const attempt = (this.#attempts.get(offset) ?? 0) + 1;
    this.#attempts.set(offset, attempt);
    return attempt;
  }

  finish(offset: number): void {
    this.#finished.add(offset);
    this.#attempts.delete(offset);
    this.#slide();
  }

  /**
   * What to commit: the lowest unfinished offset, and the rest as metadata. Beyond the window nothing is remembered. A full
   * window leaves room for the attempts of the lowest 150 unfinished offsets or more; the others begin again at 1 after a
   * crash, and come to be among the lowest as those before them end.
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
