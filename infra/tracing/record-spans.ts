import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { uuidV5 } from '../../schemas/ids.ts';
import type { Headers, LogRecord, OutgoingRecord } from '../kafka/port.ts';
import { attributes as a, KAFKA } from './conventions.ts';
import { sampledIn } from './sampler.ts';
import { spanIds } from './span-ids.ts';
import { tracerInUse } from './start.ts';
import { isSampled, spanContextOf, spanIdOf, traceIdOf } from './traceparent.ts';

/** A transaction that is committed. */
export interface Committed {
  /** Name of the topology or worker. */
  readonly name: string;
  readonly group: string;
  readonly partition: number;
  /** What it read. Empty for timers, and for a worker, which reads each record by itself. */
  readonly read: readonly LogRecord[];
  readonly written: readonly OutgoingRecord[];
  /** Begin of the work, ms since 1970. */
  readonly sinceMs: number;
}

/** The part of a record that its span is made of. */
export type SpannedRecord = Pick<OutgoingRecord, 'topic' | 'key' | 'value' | 'headers' | 'parentSpan'>;

/** Seconds and nanoseconds: the SDK takes a small number for a time since the start of the process. */
export type HrTime = [number, number];
export const hrTimeOf = (ms: number): HrTime => [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];

const isCopy = (headers: Headers): boolean =>
  headers['khipu_dlq_processor'] !== undefined || headers['khipu_redrive_processor'] !== undefined;

/** Returns true for the record itself: not a dead letter of it or its redrive, which have its id. */
export const isOriginal = ({ headers }: Pick<SpannedRecord, 'headers'>): boolean =>
  headers['ce_id'] !== undefined && !isCopy(headers);

/** Returns true for a record that has a span: an original of a trace that is sampled. */
export const hasSpan = (record: Pick<SpannedRecord, 'headers'>): boolean =>
  isSampled(record.headers['traceparent']) && isOriginal(record);

/** Returns a context whose span is the parent, or of a trace without a parent. */
const within = (parent: SpanContext | undefined): Context =>
  sampledIn(parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent));

/**
 * Returns the span id of the parent of a record: that of the record that it continues, else that of its cause. Undefined for
 * the first record of a chain.
 */
export function parentSpanOf({ headers, parentSpan }: SpannedRecord): string | undefined {
  if (parentSpan !== undefined) return parentSpan;
  const cause = headers['ce_causationid'];
  return cause === undefined || cause === headers['ce_id'] ? undefined : spanIdOf(cause);
}

/** Writes the span of one record: from `sinceMs` to `untilMs`, with the ids of its `traceparent`. */
export function recordSpan(
  tracer: Tracer,
  record: SpannedRecord,
  { sinceMs, untilMs, links = [] }: { readonly sinceMs: number; readonly untilMs: number; readonly links?: Link[] },
): void {
  const { topic, key, value, headers } = record;
  const own = spanContextOf(headers['traceparent']);
  if (own === undefined) return;
  const { traceId, spanId } = own;
  const parent = parentSpanOf(record);
  const optional: Readonly<Record<string, string | undefined>> = {
    [a.place]: headers['khipu_place'],
    [a.simulation]: headers['ce_simulation'],
    [a.kafkaKey]: key ?? undefined,
  };
  const span = spanIds.as({ traceId, spanId }, () =>
    tracer.startSpan(
      `create ${topic}`,
      {
        kind: SpanKind.PRODUCER,
        startTime: hrTimeOf(sinceMs),
        links,
        attributes: {
          [a.messagingSystem]: KAFKA,
          [a.operationName]: 'create',
          [a.operationType]: 'create',
          [a.destination]: topic,
          [a.messageId]: headers['ce_id'] ?? '',
          [a.conversationId]: headers['ce_correlationid'] ?? '',
          [a.bodySize]: value?.length ?? 0,
          [a.record]: headers['ce_type'] ?? '',
          [a.writer]: headers['ce_source'] ?? '',
          [a.tenant]: headers['ce_tenantid'] ?? '',
          ...Object.fromEntries(Object.entries(optional).filter(([, text]) => text !== undefined)),
        },
      },
      within(parent === undefined ? undefined : { traceId, spanId: parent, traceFlags: 1, isRemote: true }),
    ),
  );
  span.end(hrTimeOf(untilMs));
}

/** Writes the spans of records that were appended outside of a transaction. Call it when the log has them. */
export function traceAppended(records: readonly OutgoingRecord[], sinceMs: number): void {
  const tracer = tracerInUse();
  if (tracer === null) return;
  const untilMs = Date.now();
  for (const record of records) if (hasSpan(record)) recordSpan(tracer, record, { sinceMs, untilMs });
}

/** Returns the spans of the records that a transaction is about: what it read, or what caused what it wrote. */
function aboutOf(read: readonly LogRecord[], written: readonly OutgoingRecord[]): Link[] {
  if (read.length > 0) return read.flatMap(({ headers }) => linkTo(headers['traceparent']));
  const causes = new Map<string, Link>();
  for (const record of written) {
    const own = spanContextOf(record.headers['traceparent']);
    const parent = parentSpanOf(record);
    if (own !== undefined && parent !== undefined) causes.set(parent, { context: { ...own, spanId: parent } });
  }
  return [...causes.values()];
}

const linkTo = (traceparent: string | undefined): Link[] => {
  const context = spanContextOf(traceparent);
  return context === undefined ? [] : [{ context }];
};

/**
 * Writes the spans of a transaction that is committed: one of its own trace, with a link to each record that it read, and one
 * of each record that it wrote, in the trace of that record. An aborted transaction has none. All ids derive from records.
 */
export function traceCommitted({ name, group, partition, read, written, sinceMs }: Committed): void {
  const tracer = tracerInUse();
  if (tracer === null) return;
  const spanned = written.filter(hasSpan);
  const about = aboutOf(read.filter(hasSpan), spanned);
  const first = read.find(hasSpan) ?? spanned[0];
  if (first === undefined) return;
  const untilMs = Date.now();
  const id = uuidV5(first.headers['ce_id'] ?? '', `${name}/transaction`);
  const transaction = spanIds.as({ traceId: traceIdOf(id), spanId: spanIdOf(id) }, () =>
    tracer.startSpan(
      `process ${name}`,
      {
        kind: SpanKind.CONSUMER,
        startTime: hrTimeOf(sinceMs),
        links: about,
        attributes: {
          [a.messagingSystem]: KAFKA,
          [a.operationName]: 'process',
          [a.operationType]: 'process',
          [a.consumerGroup]: group,
          [a.destinationPartition]: String(partition),
          [a.batchCount]: read.length,
          [a.recordsWritten]: written.length,
        },
      },
      within(undefined),
    ),
  );
  const links = [{ context: transaction.spanContext() }];
  for (const record of spanned) recordSpan(tracer, record, { sinceMs, untilMs, links });
  transaction.end(hrTimeOf(untilMs));
}
