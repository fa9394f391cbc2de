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
  const marks = await ofTopics(topics, (topic) => log.watermarks(topic));
  const filled = marks.filter(({ low, high }) => low < high);
  const empty = marks.filter(({ low, high }) => low >= high).map(fromLow);
  const newestMs = await newestOf(log, filled);
  if (newestMs === null) return { closed: closedPrefix([]), records: new Map(), marks, begins: empty, newestMs };
  const from = await beginOf(log, options, filled, newestMs);
  const records = new Map<string, LogRecord>();
  const lineage: MirroredRecord[] = [];
  await read(log, from, (record) => {
    records.set(recordAt(record), record);
    lineage.push(lineageOf(record, timerTopics, newestMs - lagMsMax));
  });
  const known = await olderCauses(log, lineage, from, marks);
  return {
    closed: closedPrefix(lineage, (id) => known.has(id)),
    records,
    marks,
    begins: [...from, ...empty],
    newestMs,
  };
}

/** Asks for each topic at the same time: a driver asks for the topics of one call one after the other. */
export const ofTopics = async <T>(
  topics: readonly string[],
  ask: (topic: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> => (await Promise.all(topics.map((topic) => ask([topic])))).flat();

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

/** Offsets at the end of each partition among which the newest record is looked for: records and markers. */
const NEWEST_OFFSETS = 100;

/** Returns the time of the newest record; null without one. */
async function newestOf(log: Log, filled: readonly Watermark[]): Promise<number | null> {
  let newestMs: number | null = null;
  const take = ({ timestampMs }: LogRecord): void => {
    newestMs = Math.max(newestMs ?? 0, timestampMs);
  };
  const last = filled.map((mark) => ({ ...mark, offset: Math.max(mark.low, mark.high - NEWEST_OFFSETS) }));
  await read(log, last, take);
  if (newestMs === null) await read(log, filled.map(fromLow), take);
  return newestMs;
}

const fromLow = ({ topic, partition, low }: Watermark): Position => ({ topic, partition, offset: low });

/**
 * Returns where the check begins: `lagMsMax` before the newest record, and further back where a reader had not read so
 * far. Looks once more a multiple further back, and else takes everything.
 */
async function beginOf(
  log: Log,
  { committed, lagMsMax }: MirrorOptions,
  filled: readonly Watermark[],
  newestMs: number,
): Promise<readonly Position[]> {
  const topics = [...new Set(filled.map(({ topic }) => topic))];
  const lows = new Map(filled.map((mark) => [partitionId(mark), mark.low]));
  for (const spanMs of [lagMsMax, lagMsMax * FURTHER_BACK]) {
    const timeMs = Math.max(0, newestMs - spanMs);
    const begins = await ofTopics(topics, (topic) => log.offsetsAt(topic, timeMs));
    const at = new Map(begins.map((position) => [partitionId(position), position.offset]));
    const isEnough = committed.every((each) => {
      const id = partitionId(each);
      return (at.get(id) ?? 0) <= Math.max(each.offset, lows.get(id) ?? 0);
    });
    if (isEnough) return begins;
  }
  return filled.map(fromLow);
}

const FURTHER_BACK = 20;

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
