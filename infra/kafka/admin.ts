import type { Position } from './port.ts';

/** A consumer group, as its coordinator knows it. */
export interface GroupStatus {
  readonly name: string;
  /** Topics to which members subscribe now; none for a group that only has committed offsets. */
  readonly subscribed: readonly string[];
}

/**
 * Operations that change topics and look at groups, for tools only: no role needs them, so they are not part of the log
 * port. Each rejects with LogError; LOG_FORBIDDEN without the rights to alter topics and describe groups.
 */
export interface TopicAdmin {
  /** Gives each topic `total` partitions. Topics that have them already are unchanged. */
  addPartitions(topics: readonly string[], total: number): Promise<void>;
  /** Deletes the records before each position. Repeating it is harmless. */
  deleteBefore(positions: readonly Position[]): Promise<void>;
  groups(): Promise<readonly GroupStatus[]>;
  /** Returns the topics of which the group has committed an offset. */
  topicsOf(group: string): Promise<readonly string[]>;
  close(): Promise<void>;
}
