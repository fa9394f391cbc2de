import { IS_CONTROL, IS_TRANSACTIONAL } from '@platformatic/kafka';
import { AbortedTransactions, isAbortMarker } from '../aborted-transactions.ts';
import type { LogRecord } from '../port.ts';
import type { FetchedPartition } from './fetch-request.ts';

/** The timestamp is from the broker's clock instead of the producer's: `message.timestamp.type=LogAppendTime`. */
const IS_LOG_APPEND_TIME = 1 << 3;

/**
 * Returns the records from `from` on that a read_committed reader may see, and the offset after the last batch,
 * including markers and aborted records.
 *
 * Aborted records are left out (AbortedTransactions). The client's own filter keeps only the last transaction of a
 * producer, and does not filter a transaction whose marker did not fit into the answer.
 */
export function readCommitted(
  topic: string,
  answer: Pick<FetchedPartition, 'partition' | 'aborted' | 'batches'>,
  from: number,
): { readonly next: number; readonly records: LogRecord[] } {
  const { partition } = answer;
  const aborted = new AbortedTransactions(answer.aborted);
  const records: LogRecord[] = [];
  let next = from;
  for (const batch of answer.batches) {
    const last = batch.base + batch.lastOffsetDelta;
    next = Math.max(next, last + 1);
    aborted.passTo(last);
    if (batch.attributes & IS_CONTROL) {
      if (isAbortMarker(batch.records()[0]?.key)) aborted.end(batch.producerId);
      continue;
    }
    if (batch.attributes & IS_TRANSACTIONAL && aborted.has(batch.producerId)) continue;
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
