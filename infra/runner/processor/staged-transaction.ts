import type { Processor, Topology } from '../../../streams/kernel.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { type StagedMember, unchanged } from './member.ts';

/** The content of one transaction: records to write, and the changes that are published after its commit. */
export interface StagedTransaction {
  readonly records: OutgoingRecord[];
  /** Changes by member. */
  readonly members: ReadonlyMap<string, StagedMember>;
  /** Number of external records that it covers. */
  taken: number;
}

/** Returns the changes of a member of the topology of a transaction. */
export const changesOf = ({ members }: StagedTransaction, { name }: Processor): StagedMember =>
  members.get(name) as StagedMember;

/** Returns a transaction that writes no records and changes nothing. */
export const emptyTransaction = ({ members }: Topology): StagedTransaction => ({
  records: [],
  members: new Map(members.map(({ name }) => [name, unchanged()])),
  taken: 0,
});
