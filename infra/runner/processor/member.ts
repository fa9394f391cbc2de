import type { Processor } from '../../../streams/kernel.ts';
import type { DeadLetterGate } from '../dead-letters/gate.ts';
import type { PartitionState } from './partition-state.ts';
import type { KeyTimers, TaskTimers } from './task-timers.ts';

/** One processor of a task, with what it holds of the partition of the task. */
export interface Member {
  readonly processor: Processor;
  /** Committed state; changed only after a commit. */
  readonly state: PartitionState;
  readonly gate: DeadLetterGate;
  /** Null when the processor has no timers. */
  readonly timers: TaskTimers | null;
  readonly tables: () => Readonly<Record<string, unknown>>;
}

/** The changes of one member in a transaction, published after its commit. */
export interface StagedMember {
  readonly state: Map<string, unknown>;
  /** Timers of the keys whose state or timers changed; empty when the processor has no timers. */
  readonly timers: Map<string, KeyTimers>;
  readonly deadCodes: string[];
  recordsIn: number;
  recordsOut: number;
}

/** Returns the changes of a member that has none. */
export const unchanged = (): StagedMember => ({
  ...{ state: new Map(), timers: new Map(), deadCodes: [] },
  ...{ recordsIn: 0, recordsOut: 0 },
});

/** Publishes committed changes to the state, the timers and the parked keys of a member. */
export function publish({ processor, state, timers, gate }: Member, staged: StagedMember): void {
  for (const [key, value] of staged.state) {
    if (processor.finished(value)) state.delete(key);
    else state.set(key, value);
  }
  if (timers !== null) for (const [key, list] of staged.timers) timers.publish(key, list);
  gate.parkedKeys?.publish();
}
