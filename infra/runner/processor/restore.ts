import type { Processor, Topology } from '../../../streams/kernel.ts';
import type { OutgoingRecord, Transactor } from '../../kafka/port.ts';
import { type ParkedKeys, readParked } from '../dead-letters/parked-keys.ts';
import type { RunnerDependencies } from '../lives.ts';
import { groupOf } from '../names.ts';
import { type Restored, restoreState } from './state-store.ts';

/** State records per transaction while a rebuilt state is written. */
const STATE_RECORDS_MAX = 1_000;

/** Restored state and parked keys of a member, by partition. */
export interface RestoredMember {
  readonly states: Restored['partitions'];
  readonly parked: ReadonlyMap<number, ParkedKeys>;
}

/** Restored members of a topology, by name. */
export type RestoredTopology = ReadonlyMap<string, RestoredMember>;

/** Restores all members of a topology, one after another: they share the transactors. See `restoreMember`. */
export async function restoreTopology(
  { name, members }: Topology,
  dependencies: RunnerDependencies,
  transactors: ReadonlyMap<number, Transactor>,
): Promise<RestoredTopology> {
  const restored = new Map<string, RestoredMember>();
  for (const member of members)
    restored.set(member.name, await restoreMember(member, groupOf(name), dependencies, transactors));
  return restored;
}

/**
 * Restores state and parked keys. State that was rebuilt from events is written back to the state topic. Rejects with
 * the error of the log or the registry.
 */
async function restoreMember(
  processor: Processor,
  group: string,
  dependencies: RunnerDependencies,
  transactors: ReadonlyMap<number, Transactor>,
): Promise<RestoredMember> {
  const { log, decoder, metrics, clock } = dependencies;
  const { name } = processor;
  const beganMs = clock.now();
  const { partitions: states, rewrites } = await restoreState(
    log,
    decoder,
    processor,
    [...transactors.keys()],
    (read, left) => {
      metrics.restoreRecords.set({ processor: name }, read);
      metrics.restoreRecordsLeft.set({ processor: name }, left);
    },
  );
  for (const [partition, transactor] of transactors) await rewrite(group, rewrites.get(partition) ?? [], transactor);
  const parked = await readParked(log, clock, transactors, processor);
  for (const [partition, { size }] of parked) metrics.parkedKeys.set({ processor: name, partition }, size);
  metrics.restoreSeconds.set({ processor: name }, (clock.now() - beganMs) / 1_000);
  return { states, parked };
}

/** Writes state records in bounded transactions. Repeating it is harmless. */
async function rewrite(group: string, records: readonly OutgoingRecord[], transactor: Transactor): Promise<void> {
  for (let at = 0; at < records.length; at += STATE_RECORDS_MAX)
    await transactor.commit({ records: records.slice(at, at + STATE_RECORDS_MAX), group, offsets: [] });
}
