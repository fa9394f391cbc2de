import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';

/** Ids of a span that derive from records. Without a trace id, the span is of the trace of its parent. */
export interface DerivedIds {
  readonly spanId: string;
  readonly traceId?: string;
}

/**
 * Gives spans random ids, except inside of `as`: there the ids derive from records, so that what is done again after a
 * takeover gets the same ids and is no second span.
 */
class SpanIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #derived: DerivedIds | null = null;

  generateTraceId(): string {
    return this.#derived?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#derived?.spanId ?? this.#random.generateSpanId();
  }

  /** Returns what `start` returns. The one span that it starts, synchronously, has these ids. */
  as<T>(ids: DerivedIds, start: () => T): T {
    this.#derived = ids;
    try {
      return start();
    } finally {
      this.#derived = null;
    }
  }
}

/** The ids of the spans of this process. */
export const spanIds = new SpanIds();
