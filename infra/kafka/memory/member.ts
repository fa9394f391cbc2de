import { type Wait, waitOf } from '../../kit/clock.ts';
import { messageOf } from '../../kit/errors.ts';
import { isRetryable, LogError } from '../errors.ts';
import { type MemberStart, partitionsIn } from '../member-start.ts';
import type { Assignment, GroupOptions, Membership } from '../port.ts';
import type { Connection } from './connection.ts';
import { Fetcher } from './fetcher.ts';
import type { Joined } from './group.ts';
import { isRefused } from './refusal.ts';

/**
 * One member of a group: joins, sends heartbeats, and rejoins when the coordinator asks. It learns about the others
 * only from the coordinator: once expelled, it continues until its next heartbeat is answered.
 */
export class MemoryMember implements Membership {
  readonly #connection: Connection;
  readonly #options: GroupOptions;
  readonly #heartbeatMs: number;
  readonly #start: MemberStart;
  #joined: Joined | null = null;
  #assignment: Assignment | null = null;
  #fetcher: Fetcher | null = null;
  #resting: Wait | null = null;
  #closed = false;

  private constructor(connection: Connection, options: GroupOptions, heartbeatMs: number) {
    this.#connection = connection;
    this.#options = options;
    this.#heartbeatMs = heartbeatMs;
    this.#start = connection.starts.next(options.group);
  }

  /** Resolves after the first join. */
  static async join(connection: Connection, options: GroupOptions, heartbeatMs: number): Promise<MemoryMember> {
    const member = new MemoryMember(connection, options, heartbeatMs);
    await member.#join();
    member.#live().catch((error: unknown) => member.#crash(error));
    return member;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#end();
    await this.#leave();
  }

  async #live(): Promise<void> {
    while (!this.#closed) {
      this.#resting = waitOf(this.#connection.clock, this.#heartbeatMs);
      await this.#resting.over;
      if (this.#closed || (await this.#isMember())) continue;
      this.#stopReading();
      await this.#join();
    }
  }

  /** Returns false when the member must rejoin. No answer from the broker counts as true. */
  async #isMember(): Promise<boolean> {
    const { memberId = '', generation = 0 } = this.#joined ?? {};
    const { broker } = this.#connection;
    const { group } = this.#options;
    try {
      await this.#connection.request('heartbeat', `${group} ${memberId}`, () =>
        broker.group(group).heartbeat(memberId, generation),
      );
      return true;
    } catch (error) {
      if (isRetryable(error)) return true;
      if (!isRefused(error)) throw error;
      if (isRefused(error, 'UNKNOWN_MEMBER_ID')) this.#joined = null;
      return false;
    }
  }

  async #join(): Promise<void> {
    const { broker } = this.#connection;
    const { group, topics } = this.#options;
    while (!this.#closed) {
      const memberId = this.#joined?.memberId ?? null;
      try {
        this.#joined = await this.#connection.request('join', `${group} ${memberId ?? 'new'}`, () =>
          broker.group(group).join(memberId, topics, this.#start),
        );
        // Closed while its join was answered: the broker has a member that no process uses.
        if (this.#closed) await this.#leave();
        else this.#assign(this.#joined);
        return;
      } catch (error) {
        if (!isRefused(error)) throw error;
        this.#joined = null;
      }
    }
  }

  #assign({ memberId, generation, assigned }: Joined): void {
    this.#stopReading();
    const partitions = partitionsIn(Object.values(assigned));
    const assignment = { memberId, generation, partitions };
    this.#assignment = assignment;
    this.#begin(assignment, assigned).catch((error: unknown) => {
      if (this.#assignment === assignment) this.#crash(error);
    });
  }

  async #begin(assignment: Assignment, assigned: Joined['assigned']): Promise<void> {
    const { handlers } = this.#options;
    const starts = await handlers.onAssigned(assignment);
    if (this.#closed || this.#assignment !== assignment) return;
    const offsetOf = (topic: string, partition: number): number =>
      starts.find((place) => place.topic === topic && place.partition === partition)?.offset ?? 0;
    const from = Object.entries(assigned).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition, offset: offsetOf(topic, partition) })),
    );
    this.#fetcher = new Fetcher(this.#connection, from, {
      onBatch: (batch) => handlers.onBatch(batch, assignment),
      onCrash: (error) => this.#crash(error),
    });
  }

  #stopReading(): void {
    void this.#fetcher?.close();
    this.#fetcher = null;
  }

  async #leave(): Promise<void> {
    const { broker } = this.#connection;
    const { group } = this.#options;
    const memberId = this.#joined?.memberId;
    if (memberId === undefined) return;
    const leave = (): void => broker.group(group).leave(memberId);
    // If the request is lost, the session times out.
    await this.#connection.request('leave', `${group} ${memberId}`, leave).catch(() => undefined);
  }

  #end(): void {
    this.#closed = true;
    this.#assignment = null;
    this.#stopReading();
    this.#resting?.end();
  }

  #crash(error: unknown): void {
    if (this.#closed) return;
    this.#end();
    void this.#leave();
    this.#options.handlers.onCrash(error instanceof Error ? error : new LogError('LOG_UNAVAILABLE', messageOf(error)));
  }
}
