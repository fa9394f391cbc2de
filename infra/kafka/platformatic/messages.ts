import { type fetchV12, IS_CONTROL, IS_TRANSACTIONAL, type KafkaRecord, type RecordsBatch } from '@platformatic/kafka';
import type { Headers, LogRecord } from '../log.ts';

const headersOf = (headers: KafkaRecord['headers']): Headers => {
  const out: Record<string, string> = {};
  for (const [name, value] of headers) out[String(name ?? '')] ??= value === null ? '' : value.toString('utf8');
  return out;
};

/** The broker's clock instead of the producer's: `message.timestamp.type=LogAppendTime`. */
const IS_LOG_APPEND_TIME = 1 << 3;

/** A control record's key is its version, then 0 for an abort, 1 for a commit (KIP-98). */
const isAbort = ({ records }: RecordsBatch): boolean => records[0]?.key?.readInt16BE(2) === 0;

/**
 * The records from `from` on that a read_committed reader may see, and the offset behind the last batch, markers and
 * aborted records included.
 *
 * What was aborted is left out as the Java client does it: an aborted transaction begins at its first offset and ends
 * at its own abort marker. The client's own filter forgets all but the last transaction of a producer, and lets a
 * transaction through whose marker did not fit into the answer.
 */
export function readCommitted(
  topic: string,
  answer: fetchV12.FetchResponsePartition,
  from: number,
): { readonly next: number; readonly records: LogRecord[] } {
  const { partitionIndex: partition } = answer;
  const aborted = [...(answer.abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const open = new Set<bigint>();
  const records: LogRecord[] = [];
  let next = from;
  for (const batch of answer.records ?? []) {
    const base = Number(batch.firstOffset);
    const last = base + batch.lastOffsetDelta;
    next = Math.max(next, last + 1);
    while (aborted[0] !== undefined && Number(aborted[0].firstOffset) <= last)
      open.add(aborted.shift()?.producerId ?? -1n);
    if (batch.attributes & IS_CONTROL) {
      if (isAbort(batch)) open.delete(batch.producerId);
      continue;
    }
    if (batch.attributes & IS_TRANSACTIONAL && open.has(batch.producerId)) continue;
    const firstMs = Number(batch.firstTimestamp);
    for (const record of batch.records) {
      const offset = base + record.offsetDelta;
      if (offset < from) continue;
      records.push({
        topic,
        partition,
        offset,
        key: record.key === null ? null : record.key.toString('utf8'),
        value: record.value,
        headers: headersOf(record.headers),
        timestampMs:
          batch.attributes & IS_LOG_APPEND_TIME ? Number(batch.maxTimestamp) : firstMs + Number(record.timestampDelta),
      });
    }
  }
  return { next, records };
}
