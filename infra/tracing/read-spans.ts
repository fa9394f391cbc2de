import { context, type Link, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { uuidV5 } from '../../schemas/ids.ts';
import type { LogRecord } from '../kafka/port.ts';
import { codeOf } from '../kit/errors.ts';
import { attributes as a, KAFKA } from './conventions.ts';
import { hasSpan, hrTimeOf } from './record-spans.ts';
import { sampledIn } from './sampler.ts';
import { spanIds } from './span-ids.ts';
import { tracerInUse } from './start.ts';
import { isSampled, spanContextOf, spanIdOf } from './traceparent.ts';

/** The record that something is done with. */
export interface TracedRecord {
  readonly id: string;
  readonly topic: string;
  readonly traceparent: string;
}

const messaging = ({ id, topic }: Pick<TracedRecord, 'id' | 'topic'>, operation: string) => ({
  [a.messagingSystem]: KAFKA,
  [a.operationName]: operation,
  [a.operationType]: 'process',
  [a.destination]: topic,
  [a.messageId]: id,
});

/** Returns a record to trace what is done with it later, as a member `trace`; none when its trace is not sampled. */
export const tracedOf = ({ id, topic, traceparent }: TracedRecord): { readonly trace?: TracedRecord } =>
  tracerInUse() !== null && isSampled(traceparent) ? { trace: { id, topic, traceparent } } : {};

/** Ends a span with the code of the error that ended its work; its message may quote what users wrote. */
export function failSpan(span: Span, error: unknown): void {
  span.setAttribute(a.errorType, codeOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(Date.now());
}

/**
 * Runs the work of a worker on a record inside of its span, a child of the record's, so that what the work logs has the id of
 * its trace, and spans that it starts are children. The id derives from the record, its offset (a redrive has
 * another) and the number of the run.
 */
export async function inWorkSpan<T>(
  worker: string,
  record: TracedRecord & { readonly offset: number },
  attempt: number,
  work: () => Promise<T>,
): Promise<T> {
  const tracer = tracerInUse();
  const parent = tracer === null ? undefined : spanContextOf(record.traceparent);
  if (tracer === null || parent === undefined) return work();
  const within = trace.setSpanContext(ROOT_CONTEXT, parent);
  // Children of a trace that is not sampled are not recorded either.
  if (parent.traceFlags === 0) return context.with(within, work);
  const spanId = spanIdOf(uuidV5(record.id, `${worker}/run/${record.offset}.${attempt}`));
  const span = spanIds.as({ spanId }, () =>
    tracer.startSpan(
      `process ${record.topic}`,
      {
        kind: SpanKind.CONSUMER,
        startTime: hrTimeOf(Date.now()),
        attributes: { ...messaging(record, 'process'), [a.worker]: worker, [a.attempt]: attempt },
      },
      sampledIn(within),
    ),
  );
  try {
    const result = await context.with(trace.setSpan(within, span), work);
    span.end(hrTimeOf(Date.now()));
    return result;
  } catch (error) {
    failSpan(span, error);
    throw error;
  }
}

/** Writes the span of the rows that a view has committed for a record, a child of the record's. Its id derives from both. */
export function traceProjected(view: string, store: string, record: LogRecord, sinceMs: number): void {
  const tracer = tracerInUse();
  const parent = tracer === null || !hasSpan(record) ? undefined : spanContextOf(record.headers['traceparent']);
  if (tracer === null || parent === undefined) return;
  const id = record.headers['ce_id'] ?? '';
  const span = spanIds.as({ spanId: spanIdOf(uuidV5(id, `view/${view}`)) }, () =>
    tracer.startSpan(
      `project ${view}`,
      {
        kind: SpanKind.CONSUMER,
        startTime: hrTimeOf(sinceMs),
        attributes: {
          ...messaging({ id, topic: record.topic }, 'project'),
          [a.destinationPartition]: String(record.partition),
          [a.kafkaOffset]: record.offset,
          [a.view]: view,
          [a.dbSystem]: store,
        },
      },
      sampledIn(trace.setSpanContext(ROOT_CONTEXT, parent)),
    ),
  );
  span.end(hrTimeOf(Date.now()));
}

/** Writes the span of an event that a stream has sent, a child of the record's, with a link to the request of the stream. */
export function traceDelivered(record: TracedRecord, request: string | undefined): void {
  const tracer = tracerInUse();
  const parent = spanContextOf(record.traceparent);
  if (tracer === null || parent === undefined) return;
  const stream = spanContextOf(request);
  const links: Link[] = stream === undefined ? [] : [{ context: stream }];
  const now = hrTimeOf(Date.now());
  tracer
    .startSpan(
      `deliver ${record.topic}`,
      { kind: SpanKind.CONSUMER, startTime: now, links, attributes: messaging(record, 'deliver') },
      sampledIn(trace.setSpanContext(ROOT_CONTEXT, parent)),
    )
    .end(now);
}
