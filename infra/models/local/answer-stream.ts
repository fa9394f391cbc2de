/**
 * Passes pushed chunks to one pulling reader. Unbounded: a writer pushes at most the tokens of one answer, which the
 * model's context bounds.
 */
export class AnswerStream<Chunk> implements AsyncIterable<Chunk> {
  readonly #waiting: Chunk[] = [];
  #end: { readonly error: unknown } | 'ended' | undefined;
  #wake: (() => void) | undefined;

  push(chunk: Chunk): void {
    if (this.#end !== undefined) return;
    this.#waiting.push(chunk);
    this.#wake?.();
  }

  end(): void {
    this.#end ??= 'ended';
    this.#wake?.();
  }

  /** Ends the stream: the reader receives the chunks pushed before, then the error. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.#end === 'ended') return;
      else if (this.#end !== undefined) throw this.#end.error;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
