import { journalOf, type Processor } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../decode.ts';
import type { FetchedBatch, Log, OutgoingRecord } from '../log.ts';
import { isRedriven } from './dead-letter.ts';

/** Committed state of one partition, by key. Its truth is the compacted `.state` topic: this is a copy. */
export type PartitionState = Map<string, unknown>;

export interface Restored {
  readonly states: ReadonlyMap<number, PartitionState>;
  /** By partition whose state was of another version of `evolve` and was folded anew: what the state topic must be told. */
  readonly rewrites: ReadonlyMap<number, readonly OutgoingRecord[]>;
}

interface StoredState {
  readonly version: number;
  readonly state: unknown;
}

/** The state of one key as a record of the state topic, in the partition of the task; a finished one as a tombstone. */
export function stateRecord(processor: Processor, partition: number, key: string, state: unknown): OutgoingRecord {
  const stored: StoredState = { version: processor.stateVersion, state };
  return {
    topic: processor.state?.name ?? '',
    partition,
    key,
    value: processor.finished(state) ? null : Buffer.from(JSON.stringify(stored)),
    headers: {},
  };
}

/**
 * Reads the state topic of the given partitions from its beginning to its end. Call it after fencing: no older owner can
 * then add to it. A partition that holds state of another `stateVersion` is folded anew from the processor's journal.
 */
export async function restoreState(
  log: Log,
  decoder: RecordDecoder,
  processor: Processor,
  partitions: readonly number[],
): Promise<Restored> {
  const states = new Map<number, PartitionState>(partitions.map((partition) => [partition, new Map()]));
  const topic = processor.state?.name;
  if (topic === undefined || partitions.length === 0) return { states, rewrites: new Map() };
  // By partition the keys whose last state is of another version: older ones that compaction left behind do not count.
  const outdated = new Map<number, Set<string>>(partitions.map((partition) => [partition, new Set()]));
  await readPartitions(log, topic, partitions, (batch) => {
    const state = states.get(batch.partition);
    const old = outdated.get(batch.partition);
    if (state === undefined || old === undefined) return;
    for (const { key, value } of batch.records)
      if (take(processor, state, key ?? '', value)) old.delete(key ?? '');
      else old.add(key ?? '');
  });
  const toFold = partitions.filter((partition) => (outdated.get(partition)?.size ?? 0) > 0);
  const rewrites = new Map<number, readonly OutgoingRecord[]>();
  for (const [partition, state] of await foldJournal(log, decoder, processor, toFold)) {
    const gone = [...(states.get(partition)?.keys() ?? [])].filter((key) => !state.has(key));
    rewrites.set(partition, [
      ...[...state].map(([key, value]) => stateRecord(processor, partition, key, value)),
      ...gone.map((key) => ({ topic, partition, key, value: null, headers: {} })),
    ]);
    states.set(partition, state);
  }
  return { states, rewrites };
}

/** False when the state is of another version. */
function take(processor: Processor, states: PartitionState, key: string, value: Buffer | null): boolean {
  if (value === null) return states.delete(key) || true;
  const { version, state } = JSON.parse(value.toString('utf8')) as StoredState;
  states.set(key, state);
  return version === processor.stateVersion;
}

/** State is the fold of the processor's own events, so the journal alone gives it back. */
async function foldJournal(
  log: Log,
  decoder: RecordDecoder,
  processor: Processor,
  partitions: readonly number[],
): Promise<Map<number, PartitionState>> {
  const states = new Map<number, PartitionState>(partitions.map((partition) => [partition, new Map()]));
  const journal = journalOf(processor);
  if (journal === null || partitions.length === 0) return states;
  let folding = Promise.resolve();
  const fold = async (batch: FetchedBatch): Promise<void> => {
    const state = states.get(batch.partition);
    if (state === undefined) return;
    for (const stored of batch.records) {
      // The original stands in the journal already.
      if (isRedriven(stored.headers)) continue;
      const { record, meta } = await decoder.decode(stored);
      const next = processor.evolve(state.get(meta.key) ?? processor.initial, record);
      if (processor.finished(next)) state.delete(meta.key);
      else state.set(meta.key, next);
    }
  };
  await readPartitions(log, journal.name, partitions, (batch) => {
    folding = folding.then(() => fold(batch));
    return folding;
  });
  await folding;
  return states;
}

async function readPartitions(
  log: Log,
  topic: string,
  partitions: readonly number[],
  onBatch: (batch: FetchedBatch) => Promise<void> | void,
): Promise<void> {
  const from = (await log.watermarks([topic]))
    .filter(({ partition, low, high }) => partitions.includes(partition) && low < high)
    .map(({ partition, low }) => ({ topic, partition, offset: low }));
  await log.readTo({ from, onBatch });
}
