import { assignCoPartitioned } from '../co-partitioning.ts';
import type { Assignment, FetchedBatch, GroupOptions, Membership } from '../log.ts';

/** What a group needs of the log. */
export interface GroupSource {
  partitionsOf(topic: string): readonly unknown[];
  fetch(topic: string, partition: number, from: number): FetchedBatch;
  /** Calls back after every append, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** A consumer group in memory: eager rebalance at every join and leave, co-partitioned. */
export class MemoryGroup {
  readonly #log: GroupSource;
  readonly #members = new Map<string, MemoryMember>();
  #joined = 0;
  #generation = 0;

  constructor(log: GroupSource) {
    this.#log = log;
  }

  join(options: GroupOptions): Membership {
    this.#joined += 1;
    const id = `member-${this.#joined}`;
    const member = new MemoryMember(this.#log, id, options);
    this.#members.set(id, member);
    this.rebalance();
    return {
      close: async () => {
        if (!this.#members.delete(id)) return;
        member.close();
        this.rebalance();
      },
    };
  }

  rebalance(): void {
    this.#generation += 1;
    const topics = new Set([...this.#members.values()].flatMap(({ options }) => options.topics));
    const partitions = new Map(
      [...topics].map((topic) => [topic, this.#log.partitionsOf(topic).map((_, index) => index)]),
    );
    const assigned = assignCoPartitioned([...this.#members.keys()], partitions);
    for (const [id, member] of this.#members) member.assign(this.#generation, assigned.get(id) ?? {});
  }

  async close(): Promise<void> {
    for (const member of this.#members.values()) member.close();
    this.#members.clear();
  }
}

class MemoryMember {
  readonly options: GroupOptions;
  readonly #log: GroupSource;
  readonly #id: string;
  #assignment: Assignment | null = null;
  #stopListening: () => void = () => undefined;

  constructor(log: GroupSource, id: string, options: GroupOptions) {
    this.#log = log;
    this.#id = id;
    this.options = options;
  }

  assign(generation: number, byTopic: Readonly<Record<string, readonly number[]>>): void {
    this.#stopListening();
    const partitions = [...new Set(Object.values(byTopic).flat())].sort((a, b) => a - b);
    const assignment = { memberId: this.#id, generation, partitions };
    this.#assignment = assignment;
    this.#begin(assignment, byTopic).catch((error: unknown) => this.#crash(assignment, error));
  }

  close(): void {
    this.#assignment = null;
    this.#stopListening();
  }

  async #begin(assignment: Assignment, byTopic: Readonly<Record<string, readonly number[]>>): Promise<void> {
    const positions = await this.options.handlers.onAssigned(assignment);
    if (this.#assignment !== assignment) return;
    const next = new Map<string, { topic: string; partition: number; offset: number; held: boolean }>();
    for (const [topic, partitions] of Object.entries(byTopic))
      for (const partition of partitions)
        next.set(`${topic} ${partition}`, { topic, partition, offset: 0, held: false });
    for (const { topic, partition, offset } of positions) {
      const place = next.get(`${topic} ${partition}`);
      if (place !== undefined) place.offset = offset;
    }
    const deliver = (): void => {
      if (this.#assignment !== assignment) return;
      for (const place of next.values()) {
        if (place.held) continue;
        const batch = this.#log.fetch(place.topic, place.partition, place.offset);
        if (batch.next === batch.from) continue;
        place.offset = batch.next;
        const taken = this.options.handlers.onBatch(batch, assignment);
        if (taken === undefined) continue;
        place.held = true;
        taken.then(
          () => {
            place.held = false;
            deliver();
          },
          (error: unknown) => this.#crash(assignment, error),
        );
      }
    };
    this.#stopListening = this.#log.onChange(() => queueMicrotask(deliver));
    deliver();
  }

  #crash(assignment: Assignment, error: unknown): void {
    if (this.#assignment !== assignment) return;
    this.close();
    this.options.handlers.onCrash(error instanceof Error ? error : new Error(String(error)));
  }
}
