import { isDeadLetterTopic } from '../../schemas/topics.ts';
import { partitionId } from '../kafka/partition-id.ts';
import type { CommittedOffset, FetchedBatch, Log, LogRecord, Position, Watermark } from '../kafka/port.ts';
import { isRedriven } from '../runner/dead-letters/write.ts';
import { inputName, outputsOf } from '../runner/name-outputs.ts';
import { type ClosedPrefix, closedPrefix, type MirroredRecord } from './closure.ts';

/** The topics of a mirror, and how far behind it may have been. */
export interface MirrorOptions {
  readonly topics: readonly string[];
  /** Topics of timers: a command there follows from a state, however old the record is that set it. */
  readonly timerTopics: ReadonlySet<string>;
  /** Offsets up to which the readers of the source had read; -1 where none is known: then everything is checked. */
  readonly committed: readonly CommittedOffset[];
  /** A record that is older than the newest one by more than this is complete on the mirror, in ms. */
  readonly lagMsMax: number;
}

/** The newest part of a mirror, and what of it is causally closed. */
export interface CheckedMirror {
  readonly closed: ClosedPrefix;
  /** The records that were checked, by `recordAt`. */
  readonly records: ReadonlyMap<string, LogRecord>;
  /** The ends of all partitions when the check began. */
  readonly marks: readonly Watermark[];
  /** The first offsets that were checked. */
  readonly begins: readonly Position[];
  /** Time of the newest record, ms since 1970; null for an empty mirror. */
  readonly newestMs: number | null;
}

export const recordAt = (position: Position): string => `${partitionId(position)}/${position.offset}`;

/**
 * Reads the newest part of a mirror and finds its largest closed prefix: the last `lagMsMax`, and more where a reader
 * was further behind. Holds these records. A cause that is not among them is looked for in all older records. Rejects with LogError.
 */
export async function checkMirror(log: Log, options: MirrorOptions): Promise<CheckedMirror> {
  const { topics, timerTopics, lagMsMax } = options;
  const marks = await log.watermarks(topics);
  const newestMs = await newestOf(log, topics, marks);
  if (newestMs === null) return { closed: closedPrefix([]), records: new Map(), marks, begins: [], newestMs };
  const from = await beginOf(log, options, marks, newestMs);
  const records = new Map<string, LogRecord>();
  const lineage: MirroredRecord[] = [];
  await read(log, from, (record) => {
    records.set(recordAt(record), record);
    lineage.push(lineageOf(record, timerTopics, newestMs - lagMsMax));
  });
  const known = await olderCauses(log, lineage, from, marks);
  return { closed: closedPrefix(lineage, (id) => known.has(id)), records, marks, begins: from, newestMs };
}

/** Returns what the closure sees of a record. A dead letter is caused by its original, whose id it has. */
export function lineageOf(record: LogRecord, timerTopics: ReadonlySet<string>, settledMs: number): MirroredRecord {
  const { topic, partition, offset, headers, timestampMs } = record;
  const id = headers['ce_id'] ?? null;
  const isLetter = isDeadLetterTopic(topic);
  const cause = isLetter ? id : (headers['ce_causationid'] ?? null);
  const outputs = outputsOf(record);
  return {
    ...{ topic, partition, offset },
    id: isLetter ? null : id,
    input: isLetter ? null : inputName(record),
    cause: timerTopics.has(topic) || isRedriven(headers) || (!isLetter && cause === id) ? null : cause,
    outputs: outputs === null ? null : { name: `${outputs.reader}/${outputs.input}`, count: outputs.count },
    settled: timestampMs < settledMs,
  };
}

const read = (log: Log, from: readonly Position[], onRecord: (record: LogRecord) => void): Promise<void> =>
  log.readTo({ from, onBatch: ({ records }: FetchedBatch) => records.forEach(onRecord) });

/** First span in which a newest record is looked for, and the factor of the next ones. */
const SPAN_MS = 60_000;
const SPAN_FACTOR = 8;

/** Returns the time of the newest record; null without one. */
async function newestOf(log: Log, topics: readonly string[], marks: readonly Watermark[]): Promise<number | null> {
  if (marks.every(({ low, high }) => low >= high)) return null;
  let newestMs: number | null = null;
  for (let spanMs = SPAN_MS; newestMs === null; spanMs *= SPAN_FACTOR) {
    const timeMs = Math.max(0, Date.now() - spanMs);
    const found = await log.offsetsAt(topics, timeMs);
    const highs = new Map(marks.map((mark) => [partitionId(mark), mark.high]));
    const filled = found.filter((position) => position.offset < (highs.get(partitionId(position)) ?? 0));
    await read(log, filled, ({ timestampMs }) => {
      newestMs = Math.max(newestMs ?? 0, timestampMs);
    });
    if (timeMs === 0) break;
  }
  return newestMs;
}

/** Returns where the check begins: no later than `lagMsMax` before the newest record, and than any reader had read. */
async function beginOf(
  log: Log,
  { topics, committed, lagMsMax }: MirrorOptions,
  marks: readonly Watermark[],
  newestMs: number,
): Promise<readonly Position[]> {
  const lows = new Map(marks.map((mark) => [partitionId(mark), mark.low]));
  for (let spanMs = lagMsMax; ; spanMs *= SPAN_FACTOR) {
    const timeMs = Math.max(0, newestMs - spanMs);
    const begins = await log.offsetsAt(topics, timeMs);
    const at = new Map(begins.map((position) => [partitionId(position), position.offset]));
    const isEnough = committed.every((each) => {
      const begin = at.get(partitionId(each)) ?? 0;
      return begin <= Math.max(each.offset, lows.get(partitionId(each)) ?? 0);
    });
    if (isEnough || timeMs === 0) return begins;
  }
}

/** Returns the causes of these records that lie before them. */
async function olderCauses(
  log: Log,
  lineage: readonly MirroredRecord[],
  from: readonly Position[],
  marks: readonly Watermark[],
): Promise<ReadonlySet<string>> {
  const ids = new Set(lineage.map(({ id }) => id));
  const wanted = new Set(
    lineage.flatMap(({ cause, settled }) => (cause === null || settled || ids.has(cause) ? [] : [cause])),
  );
  const known = new Set<string>();
  if (wanted.size === 0) return known;
  const begins = new Map(from.map((position) => [partitionId(position), position.offset]));
  const older = marks
    .map(({ topic, partition, low }) => ({ topic, partition, offset: low }))
    .filter((position) => position.offset < (begins.get(partitionId(position)) ?? 0));
  await read(log, older, ({ headers }) => {
    const id = headers['ce_id'];
    if (id !== undefined && wanted.has(id)) known.add(id);
  });
  return known;
}
