import {
  type API,
  decodeConsumerProtocolAssignment,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  syncGroupV5,
} from '@platformatic/kafka';
import { assignCoPartitioned } from '../co-partitioning.ts';
import { encodeStart, type MemberStart } from '../member-start.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, namesOf, type Patience } from './failures.ts';

/**
 * Time after which a dead member's partitions move. A lower value moves them sooner, but expels a process that stalls
 * as long.
 */
export const SESSION_TIMEOUT_MS = 6_000;
/** Members learn of a rebalance by their next heartbeat, so a joining member waits at most this long. */
const HEARTBEAT_MS = 1_000;
const REBALANCE_MS_MAX = 10_000;
const LEAVE_MS_MAX = 1_000;
/** The first driver's name and layout: members of both drivers can share one group during a change of driver. */
const PROTOCOL = 'KhipuCoPartitionedAssigner';
const PROTOCOL_VERSION = 1;

/** Bound of a coordinator's absence: it may restart. If the session ended meanwhile, its next answer reports that. */
const COORDINATOR_AWAY_MS_MAX = 15_000;

/** Assigned partitions by topic. */
export type Assigned = ReadonlyMap<string, readonly number[]>;

/** The callbacks of a session. */
export interface GroupEvents {
  /** Called after a join, with the assigned partitions of each topic. */
  readonly onJoined: (memberId: string, assigned: Assigned) => void;
  /** Called before a rejoin: the assigned partitions may soon move to another member. */
  readonly onRebalancing: () => void;
  readonly onCrash: (error: unknown) => void;
}

/** The group to join, and its inputs. */
export interface GroupOptions {
  readonly cluster: Cluster;
  readonly group: string;
  readonly topics: readonly string[];
  readonly start: MemberStart;
  readonly events: GroupEvents;
}

let sessionsMade = 0;

/**
 * The classic group protocol (KIP-62, eager): join → sync → heartbeats, until the coordinator asks for a rejoin. The
 * client's own consumer does this as well, but its streams can be paused only as a whole and never repositioned.
 */
export class GroupSession {
  readonly #o: GroupOptions;
  readonly #lane: string;
  readonly #patience: Patience = {
    forMs: COORDINATOR_AWAY_MS_MAX,
    pauseMs: 100,
    passes: (names) => !this.#closed && isUnsettled(names),
  };
  #memberId = '';
  #generation = -1;
  #closed = false;
  #wake: () => void = () => undefined;
  #living: Promise<void> = Promise.resolve();

  constructor(options: GroupOptions) {
    this.#o = options;
    sessionsMade += 1;
    this.#lane = `group-${sessionsMade}`;
  }

  /** Resolves after the first join. */
  async start(): Promise<void> {
    await this.#o.cluster.learn(this.#o.topics);
    await this.#join();
    this.#living = this.#live().catch((error: unknown) => {
      if (!this.#closed) this.#o.events.onCrash(error);
    });
  }

  /** Leaves the group, so that others need not wait for the session timeout. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#wake();
    const late = new Promise((resolve) => setTimeout(resolve, LEAVE_MS_MAX).unref());
    await Promise.race([this.#leave().catch(() => undefined), late]);
    const { connections } = this.#o.cluster;
    await Promise.all([connections.closeLane(this.#lane), connections.closeLane(this.#leavingLane)]);
    await this.#living;
  }

  async #live(): Promise<void> {
    while (!this.#closed) {
      await this.#beat();
      if (this.#closed) return;
      this.#o.events.onRebalancing();
      await this.#join();
    }
  }

  /** Sends heartbeats. Resolves when the member must rejoin. */
  async #beat(): Promise<void> {
    for (;;) {
      await this.#rest();
      if (this.#closed) return;
      try {
        await this.#ask(heartbeatV4.api, this.#o.group, this.#generation, this.#memberId, null);
      } catch (error) {
        if (this.#closed || this.#mustRejoin(error)) return;
        throw error;
      }
    }
  }

  async #join(): Promise<void> {
    while (!this.#closed) {
      try {
        const assigned = await this.#joinOnce();
        if (!this.#closed) this.#o.events.onJoined(this.#memberId, assigned);
        return;
      } catch (error) {
        if (this.#closed) return;
        if (!this.#mustRejoin(error)) throw error;
      }
    }
  }

  async #joinOnce(): Promise<Assigned> {
    const { group, topics, start } = this.#o;
    const metadata = encodeConsumerProtocolSubscription({
      ...{ version: PROTOCOL_VERSION, topics: [...topics], userData: encodeStart(start) },
    });
    const joined = await this.#ask(
      joinGroupV9.api,
      group,
      SESSION_TIMEOUT_MS,
      REBALANCE_MS_MAX,
      this.#memberId,
      null,
      'consumer',
      [{ name: PROTOCOL, metadata }],
      null,
    );
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const leads = joined.leader === joined.memberId;
    const assignments = leads ? this.#assign((joined.members ?? []).map(({ memberId }) => memberId)) : [];
    const { assignment } = await this.#ask(
      syncGroupV5.api,
      group,
      this.#generation,
      this.#memberId,
      null,
      'consumer',
      PROTOCOL,
      assignments,
    );
    const { assignedPartitions } = decodeConsumerProtocolAssignment(assignment);
    return new Map(assignedPartitions.map(({ topic, partitions }) => [topic, partitions]));
  }

  #assign(members: readonly string[]): { memberId: string; assignment: Buffer }[] {
    const { cluster, topics } = this.#o;
    const partitions = new Map(
      topics.map((topic) => [topic, Array.from({ length: cluster.partitionCount(topic) }, (_, at) => at)]),
    );
    return [...assignCoPartitioned(members, partitions)].map(([memberId, byTopic]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: PROTOCOL_VERSION,
        assignedPartitions: Object.entries(byTopic).map(([topic, held]) => ({ topic, partitions: held })),
      }),
    }));
  }

  /** Returns true when the coordinator's answer requires a rejoin; then the member id for it is stored. */
  #mustRejoin(error: unknown): boolean {
    const names = namesOf(error);
    if (names.has('MEMBER_ID_REQUIRED')) {
      this.#memberId = (error as { response?: { memberId?: string } }).response?.memberId ?? '';
      return true;
    }
    if (names.has('UNKNOWN_MEMBER_ID')) this.#memberId = '';
    return names.has('UNKNOWN_MEMBER_ID') || names.has('REBALANCE_IN_PROGRESS') || names.has('ILLEGAL_GENERATION');
  }

  #ask<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R> {
    const { cluster, group } = this.#o;
    const call = (node: number) => cluster.call(node, this.#lane, api, ...args);
    return cluster.withCoordinator('GROUP', group, call, this.#patience);
  }

  /** Leaves on its own connection: a join may be pending on the other. */
  async #leave(): Promise<void> {
    const { cluster, group } = this.#o;
    if (this.#memberId === '') return;
    const members = [{ memberId: this.#memberId, reason: 'closed' }];
    const call = (node: number) => cluster.call(node, this.#leavingLane, leaveGroupV5.api, group, members);
    await cluster.withCoordinator('GROUP', group, call, this.#patience);
  }

  get #leavingLane(): string {
    return `${this.#lane} leave`;
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
