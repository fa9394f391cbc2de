import { markOf, NO_TIMERS, type TimerMark, timersOf, UnknownTimerError } from '../../../streams/kernel/timers.ts';
import { journalOf, type Meta, type Processor } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { FetchedBatch, Log, OutgoingRecord } from '../../kafka/port.ts';
import { isRedriven } from '../dead-letters/write.ts';
import { PartitionState } from './partition-state.ts';
import type { KeyTimers } from './task-timers.ts';

/** Restored state of one partition. */
export interface RestoredPartition {
  readonly state: PartitionState;
  /** Timers of the keys that have any. */
  readonly timers: Map<string, KeyTimers>;
}

export interface Restored {
  readonly partitions: ReadonlyMap<number, RestoredPartition>;
  /**
   * Records to write to the state topic, by partition: for partitions whose state had another version of `evolve` and
   * was rebuilt.
   */
  readonly rewrites: ReadonlyMap<number, readonly OutgoingRecord[]>;
}

/**
 * Callback with the number of records read so far and left: of the state topic, then of the journal when state is
 * rebuilt.
 */
export type OnRestoreProgress = (read: number, left: number) => void;

interface StoredState {
  readonly version: number;
  readonly state: unknown;
  /** Only present when the state has timers. */
  readonly timers?: readonly TimerMark[];
}

/** Returns the first characters of every stored state of this version: `version` is written first. */
const beginningOf = ({ stateVersion }: Processor): string => `{"version":${stateVersion},"state":`;

/**
 * Returns the record of the state topic for one key, in the partition of the task; a tombstone for a finished state.
 */
export function stateRecord(
  processor: Processor,
  partition: number,
  key: string,
  state: unknown,
  timers: KeyTimers = NO_TIMERS,
): OutgoingRecord {
  const stored: StoredState = {
    version: processor.stateVersion,
    state,
    ...(timers.length > 0 && { timers: timers.map(markOf) }),
  };
  const record = tombstone(processor, partition, key);
  return processor.finished(state) ? record : { ...record, value: Buffer.from(JSON.stringify(stored)) };
}

const tombstone = ({ state }: Processor, partition: number, key: string): OutgoingRecord => ({
  topic: state?.name ?? '',
  partition,
  key,
  value: null,
  headers: {},
});

/**
 * Reads the state topic of the given partitions from beginning to end. Call it after fencing: no older owner can then
 * write to it. A partition that holds state of another `stateVersion` is rebuilt from the processor's journal. Rejects
 * with the error of the log or the registry, and with UnknownTimerError when a state names a timer that cannot be set.
 */
export async function restoreState(
  log: Log,
  decoder: RecordDecoder,
  processor: Processor,
  partitions: readonly number[],
  onProgress: OnRestoreProgress = () => undefined,
): Promise<Restored> {
  const rewrites = new Map<number, readonly OutgoingRecord[]>();
  if (processor.state === null || partitions.length === 0) return { partitions: new Map(), rewrites };
  const restored = await readState(log, processor, processor.state.name, partitions, onProgress);
  const outdated = [...restored].filter(([, read]) => read.outdated.size > 0).map(([partition]) => partition);
  const folded = await foldJournal(log, decoder, processor, outdated, onProgress);
  for (const [partition, rebuilt] of folded)
    rewrites.set(partition, rewriteOf(processor, partition, rebuilt, restored.get(partition)?.state));
  return { partitions: new Map([...restored, ...folded]), rewrites };
}

interface ReadPartition extends RestoredPartition {
  /** Keys whose latest state has another version; older records that compaction has not removed do not count. */
  readonly outdated: Set<string>;
}

async function readState(
  log: Log,
  processor: Processor,
  topic: string,
  partitions: readonly number[],
  onProgress: OnRestoreProgress,
): Promise<Map<number, ReadPartition>> {
  const read = new Map(
    partitions.map((partition) => [partition, { ...emptyPartition(), outdated: new Set<string>() }]),
  );
  await readPartitions(log, topic, partitions, onProgress, ({ partition, records }) => {
    const into = read.get(partition);
    if (into === undefined) return;
    for (const { key, value } of records)
      if (take(processor, into, key ?? '', value)) into.outdated.delete(key ?? '');
      else into.outdated.add(key ?? '');
  });
  return read;
}

/** Returns a record for every rebuilt state, and tombstones for keys that no longer have one. */
function rewriteOf(
  processor: Processor,
  partition: number,
  { state, timers }: RestoredPartition,
  before: PartitionState = new PartitionState(),
): readonly OutgoingRecord[] {
  const gone = [...before.keys()].filter((key) => !state.has(key));
  return [
    ...[...state.keys()].map((key) => stateRecord(processor, partition, key, state.get(key), timers.get(key))),
    ...gone.map((key) => tombstone(processor, partition, key)),
  ];
}

/** Returns a partition without state. */
export const emptyPartition = (): RestoredPartition => ({ state: new PartitionState(), timers: new Map() });

/**
 * Takes one record of the state topic. Returns false when its state has another version, or lacks the list of its
 * timers.
 */
function take(
  processor: Processor,
  { state: states, timers }: RestoredPartition,
  key: string,
  value: Buffer | null,
): boolean {
  if (value === null) {
    states.delete(key);
    timers.delete(key);
    return true;
  }
  const text = value.toString('utf8');
  states.setStored(key, text);
  if (processor.timers === null && text.startsWith(beginningOf(processor))) return true;
  const stored = JSON.parse(text) as StoredState;
  states.set(key, stored.state);
  if (stored.version !== processor.stateVersion) return false;
  return processor.timers === null || takeTimers(processor, timers, key, stored);
}

function takeTimers(processor: Processor, timers: Map<string, KeyTimers>, key: string, stored: StoredState): boolean {
  try {
    setTimers(timers, key, timersOf(processor, key, stored.state, stored.timers ?? [], null));
    return true;
  } catch (error) {
    if (error instanceof UnknownTimerError) return false;
    throw error;
  }
}

function setTimers(timers: Map<string, KeyTimers>, key: string, list: KeyTimers): void {
  if (list.length === 0) timers.delete(key);
  else timers.set(key, list);
}

/**
 * Rebuilds state from the journal, of which it is the fold. The journal does not record which timers have fired: timers
 * that are still listed fire again, under the same ids.
 */
async function foldJournal(
  log: Log,
  decoder: RecordDecoder,
  processor: Processor,
  partitions: readonly number[],
  onProgress: OnRestoreProgress,
): Promise<Map<number, RestoredPartition>> {
  const folded = new Map(partitions.map((partition) => [partition, emptyPartition()]));
  const journal = journalOf(processor);
  if (journal === null || partitions.length === 0) return folded;
  let folding = Promise.resolve();
  const fold = async (batch: FetchedBatch): Promise<void> => {
    const into = folded.get(batch.partition);
    if (into === undefined) return;
    for (const stored of batch.records) {
      // The original record is in the journal already.
      if (isRedriven(stored.headers)) continue;
      const { record, meta } = await decoder.decode(stored);
      const { state, timers } = into;
      const next = processor.evolve(state.get(meta.key) ?? processor.initial, record);
      if (processor.finished(next)) state.delete(meta.key);
      else state.set(meta.key, next);
      if (processor.timers !== null)
        setTimers(
          timers,
          meta.key,
          timersOf(processor, meta.key, next, timers.get(meta.key) ?? [], causeOfEvent(meta)),
        );
    }
  };
  await readPartitions(log, journal.name, partitions, onProgress, (batch) => {
    folding = folding.then(() => fold(batch));
    return folding;
  });
  await folding;
  return folded;
}

/** Returns the cause of an event, which is also the cause of the timers it set. */
const causeOfEvent = ({ causationId, tenantId, place, correlationId, traceparent }: Meta) => ({
  ...{ id: causationId, tenantId, place, correlationId, traceparent },
});

async function readPartitions(
  log: Log,
  topic: string,
  partitions: readonly number[],
  onProgress: OnRestoreProgress,
  onBatch: (batch: FetchedBatch) => Promise<void> | void,
): Promise<void> {
  const filled = (await log.watermarks([topic])).filter(
    ({ partition, low, high }) => partitions.includes(partition) && low < high,
  );
  let read = 0;
  let left = filled.reduce((sum, { low, high }) => sum + high - low, 0);
  onProgress(read, left);
  await log.readTo({
    from: filled.map(({ partition, low }) => ({ topic, partition, offset: low })),
    onBatch: (batch) => {
      read += batch.records.length;
      left = Math.max(0, left - (batch.next - batch.from));
      onProgress(read, left);
      return onBatch(batch);
    },
  });
  onProgress(read, 0);
}
