import type { ReadableSpan, Span, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import { Counter, type Registry } from 'prom-client';

/** Spans of one export request. */
const BATCH_SPANS_MAX = 512;
/** Longest wait of a span for others, in ms. */
const WAIT_MS = 1_000;
const EXPORT_MS_MAX = 10_000;

/** The outcomes of a span that ended, by which `khipu_trace_spans_total` counts. */
type Outcome = 'exported' | 'failed' | 'dropped';

/** Registers the metrics of tracing in `register` and returns them. */
export const createTraceMetrics = (register: Registry): Counter<'outcome'> =>
  new Counter({
    name: 'khipu_trace_spans_total',
    help: 'Spans that ended, by outcome: exported, failed (the receiver took none of their request), dropped (the queue was full)',
    labelNames: ['outcome'],
    registers: [register],
  });

/**
 * The queue of ended spans, in front of the exporter. The SDK's own queue drops what does not fit without a count, so this
 * one lets no more into it than fit, and counts the rest.
 */
export class ExportQueue implements SpanProcessor {
  readonly #batches: BatchSpanProcessor;
  readonly #counter: Counter<'outcome'>;
  readonly #spansMax: number;
  #waiting = 0;

  constructor(exporter: SpanExporter, spansMax: number, register: Registry) {
    this.#spansMax = spansMax;
    this.#counter = createTraceMetrics(register);
    for (const outcome of ['exported', 'failed', 'dropped'] as const) this.#count(outcome, 0);
    this.#batches = new BatchSpanProcessor({
      exporter: {
        export: (spans, done) => {
          this.#waiting -= spans.length;
          exporter.export(spans, (result) => {
            this.#count(result.code === 0 ? 'exported' : 'failed', spans.length);
            done(result);
          });
        },
        shutdown: () => exporter.shutdown(),
      },
      maxQueueSize: spansMax,
      maxExportBatchSize: Math.min(BATCH_SPANS_MAX, spansMax),
      scheduledDelayMillis: WAIT_MS,
      exportTimeoutMillis: EXPORT_MS_MAX,
    });
  }

  onStart(_span: Span): void {
    // A span is of no interest before its end.
  }

  onEnd(span: ReadableSpan): void {
    if (this.#waiting >= this.#spansMax) {
      this.#count('dropped', 1);
      return;
    }
    this.#waiting += 1;
    this.#batches.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#batches.shutdown();
  }

  #count(outcome: Outcome, spans: number): void {
    this.#counter.inc({ outcome }, spans);
  }
}
