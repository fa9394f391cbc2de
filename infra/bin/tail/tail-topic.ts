import type { RecordDecoder } from '../../kafka/decode.ts';
import type { FetchedBatch, Log, Position } from '../../kafka/port.ts';
import { isSelected, type TailFilter } from './select.ts';
import { type TailRecord, tailRecordOf } from './tail-record.ts';

/** What to read of a topic. */
export interface TailOptions extends TailFilter {
  readonly topic: string;
  /** An end of the topic, or a time, ms since 1970. */
  readonly from: 'beginning' | 'end' | number;
  /** False to end at the end that the topic has now. */
  readonly follow: boolean;
  /** Ends after this many records. */
  readonly limit?: number | undefined;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** Passes decoded records on, in the order of each partition, until the limit or the end of the reading. */
export async function tailTopic(
  { log, decoder }: { readonly log: Log; readonly decoder: RecordDecoder },
  options: TailOptions,
  onRecord: (record: TailRecord) => void,
): Promise<void> {
  const { topic, from, follow, limit = Number.POSITIVE_INFINITY, signal } = options;
  const done = Promise.withResolvers<void>();
  let left = limit;
  // Writers set times, so a record after the first one of a time may be older.
  const filter: TailFilter = typeof from === 'number' ? { ...options, sinceMs: from } : options;
  const onBatch = async ({ records }: FetchedBatch): Promise<void> => {
    for (const record of records) {
      if (left <= 0 || signal.aborted || !isSelected(record, filter)) continue;
      const decoded = await tailRecordOf(record, decoder);
      if (left <= 0) continue;
      left -= 1;
      onRecord(decoded);
      if (left === 0) done.resolve();
    }
  };
  signal.addEventListener('abort', () => done.resolve());
  if (signal.aborted) return;
  const start = await startOf(log, topic, from);
  if (!follow) {
    await Promise.race([log.readTo({ from: start, onBatch }), done.promise]);
    return;
  }
  const reader = await log.tail({ topics: [topic], from: start, onBatch, onCrash: done.reject });
  try {
    await done.promise;
  } finally {
    await reader.close();
  }
}

async function startOf(log: Log, topic: string, from: TailOptions['from']): Promise<readonly Position[]> {
  if (typeof from === 'number') return log.offsetsAt([topic], from);
  const marks = await log.watermarks([topic]);
  return marks.map(({ partition, low, high }) => ({ topic, partition, offset: from === 'end' ? high : low }));
}
