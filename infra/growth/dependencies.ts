import type { AnyTopic } from '../../streams/kernel.ts';
import type { TopicAdmin } from '../kafka/admin.ts';
import type { Log, Position } from '../kafka/port.ts';
import type { PositionedReader } from './readers.ts';

/** The services and the declarations that a growth needs. */
export interface GrowthDependencies {
  /** Opens a log. Its clients remember the partitions of topics, so a growth opens another one after it has added some. */
  readonly openLog: () => Log;
  readonly admin: TopicAdmin;
  /** The platform's own consumer groups, with their inputs. */
  readonly groups: readonly { readonly name: string; readonly topics: readonly string[] }[];
  /** Groups of the platform that only another layout of its topologies uses: a switch positions them. */
  readonly idleGroups: readonly string[];
  /** Beginnings of the names of groups that do not count as running: short reads of tools. */
  readonly readsOfTools: readonly string[];
  /** Read models that keep offsets in their store. */
  readonly views: readonly PositionedReader[];
  /**
   * Sets the read models to these positions, which are the ends of the topics, and drops those that can be built again
   * at any time. Safe to repeat.
   */
  readonly settleViews: (ends: readonly Position[]) => Promise<void>;
  /** Transactional ids of all tasks and tools on a platform of so many partitions. They are fenced: no dead process writes later. */
  readonly transactionalIds: (partitions: number) => readonly string[];
  /** By state topic, the topic of events whose fold it is. */
  readonly journals: ReadonlyMap<string, AnyTopic>;
  readonly onProgress: (line: string) => void;
}
