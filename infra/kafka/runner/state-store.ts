import { markOf, NO_TIMERS, type TimerMark, timersOf, UnknownTimerError } from '../../../streams/kernel/timers.ts';
import { journalOf, type Meta, type Processor } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../decode.ts';
import type { FetchedBatch, Log, OutgoingRecord } from '../log.ts';
import { isRedriven } from './dead-letter.ts';
import { PartitionState } from './partition-state.ts';
import type { KeyTimers } from './task-timers.ts';

/** What one partition held when it was restored. */
export interface RestoredPartition {
  readonly state: PartitionState;
  /** Of the keys that have timers. */
  readonly timers: Map<string, KeyTimers>;
}

export interface Restored {
  readonly partitions: ReadonlyMap<number, RestoredPartition>;
  /** By partition whose state was of another version of `evolve` and was folded anew: what the state topic must be told. */
  readonly rewrites: ReadonlyMap<number, readonly OutgoingRecord[]>;
}

/** Records read so far, and how many are left: of the state topic, then of the journal where state is folded anew. */
export type OnRestoreProgress = (read: number, left: number) => void;

interface StoredState {
  readonly version: number;
  readonly state: unknown;
  /** Only where the state has timers. */
  readonly timers?: readonly TimerMark[];
}

/** How a state of this version begins: `version` is written first. */
const beginningOf = ({ stateVersion }: Processor): string => `{"version":${stateVersion},"state":`;

/** The state of one key as a record of the state topic, in the partition of the task; a finished one as a tombstone. */
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
 * Reads the state topic of the given partitions from its beginning to its end. Call it after fencing: no older owner can
 * then add to it. A partition that holds state of another `stateVersion` is folded anew from the processor's journal.
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
  for (const [partition, anew] of folded)
    rewrites.set(partition, rewriteOf(processor, partition, anew, restored.get(partition)?.state));
  return { partitions: new Map([...restored, ...folded]), rewrites };
}

interface ReadPartition extends RestoredPartition {
  /** Keys whose last state is of another version: older ones that compaction left behind do not count. */
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

/** Every state as it was folded anew, and tombstones for keys that have none any more. */
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

export const emptyPartition = (): RestoredPartition => ({ state: new PartitionState(), timers: new Map() });

/** False when the state is of another version, or of before its timers were listed. */
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
 * State is the fold of the processor's own events, so the journal alone gives it back. Which timers had fired it does not
 * tell: those still listed fire again, under the same ids.
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
      // The original stands in the journal already.
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

/** What caused an event of the journal set the timers that it brought. */
const causeOfEvent = ({ causationId, tenantId, correlationId, traceparent }: Meta) => ({
  ...{ id: causationId, tenantId, correlationId, traceparent },
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
