import { IS_CONTROL, IS_TRANSACTIONAL } from '@platformatic/kafka';
import type { LogRecord } from '../log.ts';
import type { ReadBatch } from './batch-reader.ts';
import type { FetchedPartition } from './fetch-request.ts';

/** The broker's clock instead of the producer's: `message.timestamp.type=LogAppendTime`. */
const IS_LOG_APPEND_TIME = 1 << 3;

/** A control record's key is its version, then 0 for an abort, 1 for a commit (KIP-98). */
const isAbort = (batch: ReadBatch): boolean => batch.records()[0]?.key?.readInt16BE(2) === 0;

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
  answer: Pick<FetchedPartition, 'partition' | 'aborted' | 'batches'>,
  from: number,
): { readonly next: number; readonly records: LogRecord[] } {
  const { partition } = answer;
  const aborted = [...answer.aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const open = new Set<bigint>();
  const records: LogRecord[] = [];
  let next = from;
  for (const batch of answer.batches) {
    const last = batch.base + batch.lastOffsetDelta;
    next = Math.max(next, last + 1);
    while (aborted[0] !== undefined && aborted[0].firstOffset <= last) open.add(aborted.shift()?.producerId ?? -1n);
    if (batch.attributes & IS_CONTROL) {
      if (isAbort(batch)) open.delete(batch.producerId);
      continue;
    }
    if (batch.attributes & IS_TRANSACTIONAL && open.has(batch.producerId)) continue;
    if (last < from) continue;
    const brokersMs = batch.attributes & IS_LOG_APPEND_TIME ? batch.maxMs : null;
    for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records()) {
      const offset = batch.base + offsetDelta;
      if (offset < from) continue;
      const timestampMs = brokersMs ?? batch.firstMs + timestampDelta;
      records.push({
        topic,
        partition,
        offset,
        key: key === null ? null : key.toString('utf8'),
        value,
        headers,
        timestampMs,
      });
    }
  }
  return { next, records };
}
