import type { SlmEmbeddingRequested, SlmRequested } from '../../../schemas/generated/records.ts';
import type { SlmChunk, SlmUsage } from '../provider.ts';
import { countUsage } from '../token-count.ts';

/** The answers that models of this process began: what a cancelled request is charged for. */
export class BegunAnswers {
  readonly #texts = new WeakMap<object, string[]>();

  /** Yields the chunks of the answer to `work`, and remembers its text. A later run of the request begins a new text. */
  async *watched(work: SlmRequested, chunks: AsyncIterable<SlmChunk>): AsyncGenerator<SlmChunk> {
    const texts: string[] = [];
    this.#texts.set(work, texts);
    for await (const chunk of chunks) {
      if (chunk.kind === 'delta') texts.push(chunk.text);
      yield chunk;
    }
  }

  /** Returns the tokens of the prompt and of the text so far, counted without a tokenizer; none when no run began here. */
  usageOf(work: SlmRequested | SlmEmbeddingRequested): SlmUsage {
    const texts = this.#texts.get(work);
    if (texts === undefined || !('messages' in work)) return { promptTokens: 0, completionTokens: 0 };
    return countUsage(work, texts.join(''));
  }
}
