import { Registry } from 'prom-client';
import { spanOf } from '../../../schemas/ids.ts';
import { allTopics, chainIn } from '../../../schemas/topics.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { FetchedBatch, Log, LogRecord } from '../../kafka/port.ts';
import { messageOf } from '../../kit/errors.ts';
import { hasSpan, isOriginal, recordSpan } from '../../tracing/record-spans.ts';
import type { TracingConfig } from '../../tracing/settings.ts';
import { startTracing, type Tracing, tracerInUse } from '../../tracing/start.ts';
import { failure } from '../failure.ts';

/** Spans between two exports: they wait in memory. */
const SPANS_MAX = 4_000;
/** Topics whose records have an envelope. */
const topicNames = allTopics.filter(({ kind }) => kind !== 'state').map(({ name }) => name);

/** The part of the log to build again. Times are ms since 1970. */
export interface TracesToExport {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Id of the only trace; undefined for all of them. */
  readonly traceId?: string | undefined;
  /** True to include traces that were not sampled. One that is named is included anyway. */
  readonly unsampled: boolean;
}

/** Counts of an export. */
export interface TracesReport {
  readonly records: number;
  readonly traces: number;
}

/**
 * Exports the spans of the records that the log took in a time: they have the ids that they had then, so a receiver has them
 * once. Rejects with TRACES_REFUSED when the receiver does not take all of them.
 */
export async function exportTraces(
  { log, decoder }: { readonly log: Log; readonly decoder: RecordDecoder },
  config: TracingConfig,
  asked: TracesToExport,
): Promise<TracesReport> {
  const tracing = startTracing({ ...config, queueSpansMax: 2 * SPANS_MAX }, 'log', new Registry());
  const traces = new Set<string>();
  let records = 0;
  const onBatch = async (batch: FetchedBatch): Promise<void> => {
    for (const record of batch.records) {
      if (!isAsked(record, asked)) continue;
      await spanOfStored(record, decoder);
      traces.add(record.headers['traceparent']?.slice(3, 35) ?? '');
      records += 1;
      if (records % SPANS_MAX === 0) await flushed(tracing, config);
    }
  };
  try {
    await log.readTo({ from: await log.offsetsAt(topicNames, asked.fromMs), onBatch });
    await flushed(tracing, config);
  } finally {
    await tracing.close();
  }
  return { records, traces: traces.size };
}

const flushed = ({ flush }: Tracing, { url }: TracingConfig): Promise<void> =>
  flush().catch((cause: unknown) => {
    throw failure('TRACES_REFUSED', `${url} did not take the spans: ${messageOf(cause)}`, cause);
  });

function isAsked(record: LogRecord, { fromMs, untilMs, traceId, unsampled }: TracesToExport): boolean {
  if (record.timestampMs < fromMs || record.timestampMs >= untilMs) return false;
  if (traceId !== undefined) return isOriginal(record) && record.headers['traceparent']?.slice(3, 35) === traceId;
  return unsampled ? isOriginal(record) : hasSpan(record);
}

/** Writes the span of a record in the log. It begins and ends when the log took the record: the log knows no other time. */
async function spanOfStored(record: LogRecord, decoder: RecordDecoder): Promise<void> {
  const tracer = tracerInUse();
  if (tracer === null) return;
  const decoded = await decoder.decode(record).catch(() => null);
  const chain = decoded === null ? null : chainIn(decoded.record);
  const parentSpan = chain === null ? undefined : spanOf(chain.traceparent);
  const at = { sinceMs: record.timestampMs, untilMs: record.timestampMs };
  recordSpan(tracer, { ...record, ...(parentSpan !== undefined && { parentSpan }) }, at);
}
