import { type Clock, type Wait, waitOf } from '../../kit/clock.ts';
import { assignCoPartitioned } from '../co-partitioning.ts';
import { type MemberStart, partitionsIn } from '../member-start.ts';
import type { GroupMember } from '../port.ts';
import { Refusal } from './refusal.ts';

/** Time after which a dead member's partitions move, and the time that members have to rejoin. As in the drivers. */
export const SESSION_TIMEOUT_MS = 6_000;
const REBALANCE_TIMEOUT_MS = 10_000;

/** The answer to a join. */
export interface Joined {
  readonly memberId: string;
  readonly generation: number;
  readonly assigned: Readonly<Record<string, readonly number[]>>;
}

interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  readonly start: MemberStart;
  assigned: Joined['assigned'];
  /** Set while its join waits for the other members. */
  joining: PromiseWithResolvers<Joined> | null;
  /** Ms; without a heartbeat until then the member is expelled. It may not notice for long. */
  aliveUntil: number;
  readonly watch: AbortController;
}

/** The coordinator of one group, eager protocol: a join is answered when every member has joined or was expelled. */
export class GroupCoordinator {
  readonly #clock: Clock;
  readonly #partitionsOf: (topic: string) => readonly unknown[];
  readonly #members = new Map<string, Member>();
  #joined = 0;
  #generation = 0;
  /** Ends the wait for members that do not rejoin; null while the group is stable. */
  #preparing: Wait | null = null;

  constructor(clock: Clock, partitionsOf: (topic: string) => readonly unknown[]) {
    this.#clock = clock;
    this.#partitionsOf = partitionsOf;
  }

  /** Topics to which members subscribe. */
  get subscribed(): readonly string[] {
    return [...new Set([...this.#members.values()].flatMap(({ topics }) => topics))];
  }

  /** The members, as DescribeGroups answers. */
  get described(): readonly GroupMember[] {
    return [...this.#members.values()].map(({ id, start, assigned }) => ({
      ...{ memberId: id, clientId: 'memory', host: 'memory', ...start },
      partitions: partitionsIn(Object.values(assigned)),
    }));
  }

  /** JoinGroup and SyncGroup in one. `memberId` is null for a new or an expelled member. */
  join(memberId: string | null, topics: readonly string[], start: MemberStart): Promise<Joined> {
    const member = memberId === null ? this.#admit(topics, start) : this.#known(memberId);
    member.joining ??= Promise.withResolvers<Joined>();
    const answer = member.joining.promise;
    this.rebalance();
    this.#completeWhenAll();
    return answer;
  }

  heartbeat(memberId: string, generation: number): void {
    const member = this.#known(memberId);
    if (generation !== this.#generation) throw new Refusal('ILLEGAL_GENERATION');
    member.aliveUntil = this.#clock.now() + SESSION_TIMEOUT_MS;
    if (this.#preparing !== null) throw new Refusal('REBALANCE_IN_PROGRESS');
  }

  leave(memberId: string): void {
    this.#expel(this.#known(memberId));
  }

  /** Asks every member to rejoin. */
  rebalance(): void {
    if (this.#preparing !== null) return;
    const wait = waitOf(this.#clock, REBALANCE_TIMEOUT_MS);
    this.#preparing = wait;
    void wait.over.then(() => {
      if (this.#preparing !== wait) return;
      for (const member of [...this.#members.values()]) if (member.joining === null) this.#forget(member);
      this.#complete();
    });
  }

  #admit(topics: readonly string[], start: MemberStart): Member {
    this.#joined += 1;
    const member = {
      ...{ id: `member-${this.#joined}`, topics, start, assigned: {} },
      ...{ joining: null, aliveUntil: 0, watch: new AbortController() },
    };
    this.#members.set(member.id, member);
    return member;
  }

  #known(memberId: string): Member {
    const member = this.#members.get(memberId);
    if (member === undefined) throw new Refusal('UNKNOWN_MEMBER_ID');
    return member;
  }

  #forget(member: Member): void {
    member.watch.abort('gone');
    this.#members.delete(member.id);
  }

  #expel(member: Member): void {
    this.#forget(member);
    this.rebalance();
    this.#completeWhenAll();
  }

  #completeWhenAll(): void {
    if ([...this.#members.values()].every(({ joining }) => joining !== null)) this.#complete();
  }

  #complete(): void {
    const wait = this.#preparing;
    this.#preparing = null;
    wait?.end();
    this.#generation += 1;
    const topics = new Set([...this.#members.values()].flatMap((member) => member.topics));
    const partitions = new Map([...topics].map((topic) => [topic, [...this.#partitionsOf(topic).keys()]]));
    const assigned = assignCoPartitioned([...this.#members.keys()], partitions);
    for (const member of this.#members.values()) {
      const { id, joining } = member;
      member.joining = null;
      member.aliveUntil = this.#clock.now() + SESSION_TIMEOUT_MS;
      member.assigned = assigned.get(id) ?? {};
      joining?.resolve({ memberId: id, generation: this.#generation, assigned: member.assigned });
      if (!member.watch.signal.aborted && joining !== null) void this.#watch(member, this.#generation);
    }
  }

  /** Expels a silent member. While its join waits it need not send heartbeats. */
  async #watch(member: Member, generation: number): Promise<void> {
    while (this.#generation === generation && !member.watch.signal.aborted && member.joining === null) {
      const leftMs = member.aliveUntil - this.#clock.now();
      if (leftMs <= 0) return this.#expel(member);
      await this.#clock.sleep(leftMs, member.watch.signal);
    }
  }
}
