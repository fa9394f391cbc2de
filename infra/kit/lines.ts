/** A line of a text, without its line break. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Its first byte, and the byte after its line break. */
  readonly from: number;
  readonly to: number;
  /** True when it has more than the most bytes: `text` is then its beginning. */
  readonly isCut: boolean;
}

const BREAK = 0x0a;

/** Cuts a stream of UTF-8 into lines. At most `bytesMax` bytes of a line are kept in memory. */
export class LineCutter {
  readonly #bytesMax: number;
  #kept: Uint8Array[] = [];
  #bytes = 0;
  #from = 0;
  #number = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Yields the lines that end in the next chunk. */
  *take(chunk: Uint8Array): Generator<Line, void, undefined> {
    for (let at = 0; at < chunk.length; ) {
      const end = chunk.indexOf(BREAK, at);
      const stop = end === -1 ? chunk.length : end;
      this.#keep(chunk.subarray(at, stop));
      if (end === -1) return;
      yield this.#line(1);
      at = end + 1;
    }
  }

  /** Yields the last line, when no line break ends it. */
  *end(): Generator<Line, void, undefined> {
    if (this.#bytes > 0) yield this.#line(0);
  }

  #keep(part: Uint8Array): void {
    const room = this.#bytesMax - Math.min(this.#bytes, this.#bytesMax);
    if (room > 0) this.#kept.push(part.subarray(0, room));
    this.#bytes += part.length;
  }

  #line(breakBytes: number): Line {
    const [from, bytes] = [this.#from, this.#bytes];
    const text = Buffer.concat(this.#kept).toString();
    [this.#kept, this.#bytes] = [[], 0];
    this.#number += 1;
    this.#from = from + bytes + breakBytes;
    return { text, number: this.#number, from, to: this.#from, isCut: bytes > this.#bytesMax };
  }
}

/** Yields the lines of a stream of UTF-8. At most `bytesMax` bytes of a line are kept in memory. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Line> {
  const cutter = new LineCutter(bytesMax);
  for await (const chunk of stream) yield* cutter.take(chunk);
  yield* cutter.end();
}
