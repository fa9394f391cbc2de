import type { Processor } from '../../../streams/kernel.ts';
import type { FetchedBatch, Log, OutgoingRecord } from '../log.ts';

/** State was written by another version of `evolve`. Raise of `stateVersion` without a rebuild: the operator must run one. */
export class StateVersionError extends Error {
  readonly code = 'STATE_VERSION';
}

/** Committed state of one partition, by key. Its truth is the compacted `.state` topic: this is a copy. */
export type PartitionState = Map<string, unknown>;

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
 * then add to it. Rejects with StateVersionError when `evolve` has changed since it was written.
 */
export async function restoreState(
  log: Log,
  processor: Processor,
  partitions: readonly number[],
): Promise<Map<number, PartitionState>> {
  const restored = new Map<number, PartitionState>(partitions.map((partition) => [partition, new Map()]));
  const topic = processor.state?.name;
  if (topic === undefined || partitions.length === 0) return restored;
  const wanted = new Set(partitions);
  const from = (await log.watermarks([topic]))
    .filter(({ partition, low, high }) => wanted.has(partition) && low < high)
    .map(({ partition, low }) => ({ topic, partition, offset: low }));
  const onBatch = (batch: FetchedBatch): void => {
    const state = restored.get(batch.partition);
    if (state !== undefined) for (const { key, value } of batch.records) apply(processor, state, key ?? '', value);
  };
  await log.readTo({ from, onBatch });
  return restored;
}

function apply(processor: Processor, states: PartitionState, key: string, value: Buffer | null): void {
  if (value === null) {
    states.delete(key);
    return;
  }
  const { version, state } = JSON.parse(value.toString('utf8')) as StoredState;
  if (version !== processor.stateVersion)
    throw new StateVersionError(
      `${processor.name}: state of ${key} is of version ${version}, the code of ${processor.stateVersion}`,
    );
  states.set(key, state);
}
