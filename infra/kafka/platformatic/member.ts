import type { Logger } from '../../kit/logger.ts';
import { LogError } from '../errors.ts';
import { IN_BATCHES } from '../fetch-pace.ts';
import { type MemberStart, partitionsIn } from '../member-start.ts';
import { partitionId } from '../partition-id.ts';
import type { Assignment, FetchedBatch, GroupOptions, Membership, Position, Watermark } from '../port.ts';
import type { Cluster } from './cluster.ts';
import { toLogError } from './failures.ts';
import { AT_ONCE, Fetcher } from './fetcher.ts';
import { type Assigned, GroupSession } from './group.ts';

/** The client of a member. */
export interface MemberDependencies {
  readonly cluster: Cluster;
  readonly start: MemberStart;
  readonly logger: Logger;
  readonly watermarks: (topics: readonly string[]) => Promise<readonly Watermark[]>;
}

/**
 * One member of a consumer group. After each join, reading starts only when the owner has fenced, restored and returned
 * its start positions; each assignment has its own fetcher, which ends with it. Commits no offsets.
 */
export class PlatformaticMember implements Membership {
  readonly #options: GroupOptions;
  readonly #dependencies: MemberDependencies;
  readonly #session: GroupSession;
  #assignment: Assignment | null = null;
  #fetcher: Fetcher | null = null;
  #joins = 0;
  #closed = false;

  private constructor(options: GroupOptions, dependencies: MemberDependencies) {
    this.#options = options;
    this.#dependencies = dependencies;
    this.#session = new GroupSession({
      cluster: dependencies.cluster,
      group: options.group,
      topics: options.topics,
      start: dependencies.start,
      events: {
        onJoined: (memberId, assigned) => this.#joined(memberId, assigned),
        onRebalancing: () => this.#stopReading(),
        onCrash: (error) => this.#crash(error),
      },
    });
  }

  static async join(options: GroupOptions, dependencies: MemberDependencies): Promise<PlatformaticMember> {
    const member = new PlatformaticMember(options, dependencies);
    try {
      await member.#session.start();
    } catch (error) {
      await member.close();
      throw toLogError(error, 'LOG_UNAVAILABLE');
    }
    return member;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#assignment = null;
    this.#stopReading();
    await this.#session.close();
  }

  #joined(memberId: string, assigned: Assigned): void {
    if (this.#closed) return;
    this.#stopReading();
    this.#joins += 1;
    const partitions = partitionsIn(assigned.values());
    const assignment = { memberId, generation: this.#joins, partitions };
    this.#assignment = assignment;
    this.#begin(assignment, assigned).catch((error: unknown) => {
      if (this.#assignment === assignment) this.#crash(error);
    });
  }

  async #begin(assignment: Assignment, assigned: Assigned): Promise<void> {
    const { handlers } = this.#options;
    const starts = await handlers.onAssigned(assignment);
    const lows = await this.#dependencies.watermarks([...assigned.keys()]);
    if (this.#closed || this.#assignment !== assignment) return;
    const wanted = new Map(starts.map((position) => [partitionId(position), position.offset]));
    const from = lows
      .filter(({ topic, partition }) => assigned.get(topic)?.includes(partition))
      .map(({ topic, partition, low }) =>
        this.#place(topic, partition, wanted.get(partitionId({ topic, partition })), low),
      );
    const onBatch = (batch: FetchedBatch): Promise<void> | undefined => handlers.onBatch(batch, assignment);
    const onCrash = (error: LogError): void => this.#crash(error);
    const pace = this.#options.lane === 'batch' ? IN_BATCHES : AT_ONCE;
    this.#fetcher = new Fetcher(this.#dependencies.cluster, from, { onBatch, onCrash }, pace);
  }

  #place(topic: string, partition: number, wanted: number | undefined, low: number): Position {
    if (wanted !== undefined && wanted < low)
      this.#dependencies.logger.error(
        { group: this.#options.group, topic, partition, wanted, low },
        'retention removed unread records',
      );
    return { topic, partition, offset: Math.max(wanted ?? low, low) };
  }

  #stopReading(): void {
    void this.#fetcher?.close();
    this.#fetcher = null;
  }

  #crash(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#assignment = null;
    this.#stopReading();
    // Leaves now, so that the next owner need not wait for the session timeout.
    void this.#session.close();
    this.#options.handlers.onCrash(error instanceof LogError ? error : toLogError(error, 'LOG_UNAVAILABLE'));
  }
}
