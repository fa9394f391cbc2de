import { FetchIsolationLevels } from '@platformatic/kafka';
import { LogError } from '../errors.ts';
import type { FetchedBatch, Position } from '../log.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, namesOf, toLogError } from './failures.ts';
import { type FetchAnswer, type FetchedPartition, fetch } from './fetch-request.ts';
import { readCommitted } from './messages.ts';

/** How long a fetch waits for how much. A resumed partition does not wait for it: see `lanes`. */
export interface FetchPace {
  readonly waitMs: number;
  readonly bytesMin: number;
}
export const AT_ONCE: FetchPace = { waitMs: 500, bytesMin: 1 };
/** A tenth of the fetches under load, for who may be told a quarter of a second late. */
export const IN_BATCHES: FetchPace = { waitMs: 250, bytesMin: 64 * 1024 };
/** Lanes whose waits end together are waited for this long, and joined. */
const JOIN_MS = 20;
const PARTITION_BYTES_MAX = 1_048_576;
const FETCH_BYTES_MAX = 10 * 1_048_576;
/** Long polls that one leader may hold for us at once. With all of them waiting, a resumed partition waits too. */
const LANES_MAX = 16;
const PAUSE_AFTER_FAILURE_MS = 100;
/** Longer without one answer, and the reader gives up: its owner begins anew. */
const FAILING_MS_MAX = 15_000;

interface Followed {
  readonly topic: string;
  readonly partition: number;
  next: number;
  /** In a fetch under way, or handed over and not taken yet. */
  busy: boolean;
}

/** A broker of which something is asked. */
interface Leader {
  readonly id: number;
  /** Lanes with a fetch under way. */
  readonly waiting: Set<number>;
  /** When the waits of all of them end. */
  untilMs: number;
}

export interface FetcherHandlers {
  /** A promise holds the partition until it resolves; its rejection ends the fetcher. */
  readonly onBatch: (batch: FetchedBatch) => Promise<void> | undefined;
  /** Called once, when the fetcher has ended by itself. */
  readonly onCrash: (error: LogError) => void;
}

let fetchersMade = 0;

/**
 * Follows partitions from given positions, read_committed, each contiguously: the next fetch begins where the last one
 * ended. Knows nothing of groups.
 *
 * `lanes`: a broker answers one connection's requests in order, so a partition that is resumed while a long poll waits
 * on one connection is asked for at once on another. The waits of all lanes to a leader end together, and what they
 * followed is then asked for in one request again: lanes stay few.
 */
export class Fetcher {
  readonly #cluster: Cluster;
  readonly #handlers: FetcherHandlers;
  readonly #followed = new Map<string, Followed>();
  readonly #name: string;
  readonly #pace: FetchPace;
  readonly #leaders = new Map<number, Leader>();
  readonly #lanes = new Set<string>();
  #isDue = false;
  #failingSinceMs: number | null = null;
  #closed = false;

  /** The topics must have been learned. */
  constructor(cluster: Cluster, from: readonly Position[], handlers: FetcherHandlers, pace = AT_ONCE) {
    this.#cluster = cluster;
    this.#pace = pace;
    this.#handlers = handlers;
    fetchersMade += 1;
    this.#name = `fetch-${fetchersMade}`;
    for (const { topic, partition, offset } of from)
      this.#followed.set(`${topic} ${partition}`, { topic, partition, next: offset, busy: false });
    this.#fetch();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lanes].map((lane) => this.#cluster.connections.closeLane(lane)));
  }

  /** Asks each leader for all of its partitions that are neither held nor asked for already. */
  #fetch(): void {
    if (this.#closed) return;
    const byLeader = new Map<number, Followed[]>();
    for (const place of this.#followed.values()) {
      if (place.busy) continue;
      const leader = this.#cluster.leaderOf(place.topic, place.partition);
      const places = byLeader.get(leader);
      if (places === undefined) byLeader.set(leader, [place]);
      else places.push(place);
    }
    for (const [id, places] of byLeader) {
      const leader = this.#leaders.get(id) ?? { id, waiting: new Set(), untilMs: 0 };
      this.#leaders.set(id, leader);
      let lane = 0;
      while (leader.waiting.has(lane)) lane += 1;
      if (lane >= LANES_MAX) continue;
      if (lane === 0 && leader.waiting.size === 0) leader.untilMs = performance.now() + this.#pace.waitMs;
      leader.waiting.add(lane);
      for (const place of places) place.busy = true;
      void this.#poll(leader, `${this.#name}.${lane}`, places).finally(() => {
        leader.waiting.delete(lane);
        this.#fetchAfter(leader);
      });
    }
  }

  /**
   * In a moment, so that batches which are taken at once, as most are, leave their partitions in one request with the
   * others. With a lane for each of them, twenty partitions of which three got two records every 15 ms took 4 to 9 ms at
   * p50 and 31 to 53 at p99, instead of 2 to 3 and 17 to 32 (a busy machine of two cores).
   */
  #fetchSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#fetch();
    });
  }

  /** Past the time at which all lanes end, the last one asks for the partitions of all. */
  #fetchAfter({ waiting, untilMs }: Leader): void {
    if (waiting.size > 0 && performance.now() >= untilMs) setTimeout(() => this.#fetchSoon(), JOIN_MS);
    else this.#fetchSoon();
  }

  /** Never rejects. */
  async #poll(leader: Leader, lane: string, places: readonly Followed[]): Promise<void> {
    this.#lanes.add(lane);
    const held = new Set<Followed>();
    try {
      const { answer, failure } = await this.#request(leader, lane, places);
      for (const { topic, partitions } of answer.topics)
        for (const partition of partitions) this.#take(topic, partition, held);
      if (failure !== null) throw failure;
      this.#failingSinceMs = null;
    } catch (error) {
      await this.#recover(error, places);
    }
    for (const place of places) if (!held.has(place)) place.busy = false;
  }

  /** An answer in which one partition failed is thrown whole; the others of it are as good as ever. */
  async #request(
    leader: Leader,
    lane: string,
    places: readonly Followed[],
  ): Promise<{ answer: FetchAnswer; failure: unknown }> {
    const topics = places.map(({ topic, partition, next }) => ({
      // Up to version 12 the name stands where later ones have the id.
      topicId: topic,
      partitions: [
        {
          partition,
          currentLeaderEpoch: -1,
          fetchOffset: BigInt(next),
          lastFetchedEpoch: -1,
          partitionMaxBytes: PARTITION_BYTES_MAX,
        },
      ],
    }));
    const committed = FetchIsolationLevels.READ_COMMITTED;
    try {
      const answer = await this.#cluster.call(
        leader.id,
        lane,
        fetch,
        Math.max(1, Math.round(leader.untilMs - performance.now())),
        this.#pace.bytesMin,
        FETCH_BYTES_MAX,
        committed,
        0,
        -1,
        topics,
        [],
        '',
      );
      return { answer, failure: null };
    } catch (failure) {
      const answer = (failure as { response?: FetchAnswer }).response;
      if (answer?.topics === undefined) throw failure;
      return { answer, failure };
    }
  }

  #take(topic: string, answer: FetchedPartition, held: Set<Followed>): void {
    const place = this.#followed.get(`${topic} ${answer.partition}`);
    if (this.#closed || place === undefined || answer.errorCode !== 0) return;
    const from = place.next;
    const { next, records } = readCommitted(topic, answer, from);
    if (next === from) return;
    place.next = next;
    const highWatermark = answer.lastStableOffset;
    const taken = this.#handlers.onBatch({
      topic,
      partition: place.partition,
      from,
      next,
      highWatermark,
      records,
    });
    if (taken === undefined) return;
    held.add(place);
    taken.then(
      () => {
        place.busy = false;
        this.#fetchSoon();
      },
      (error: unknown) => this.#crash(error),
    );
  }

  async #recover(error: unknown, places: readonly Followed[]): Promise<void> {
    if (this.#closed) return;
    const names = namesOf(error);
    if (names.has('OFFSET_OUT_OF_RANGE'))
      return this.#crash(new LogError('RECORD_GAP', 'retention removed records that were not read', { cause: error }));
    this.#failingSinceMs ??= Date.now();
    if (!isUnsettled(names) || Date.now() - this.#failingSinceMs > FAILING_MS_MAX) return this.#crash(error);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
    await this.#cluster.refresh([...new Set(places.map(({ topic }) => topic))]).catch(() => undefined);
  }

  #crash(error: unknown): void {
    if (this.#closed) return;
    void this.close();
    this.#handlers.onCrash(toLogError(error, 'LOG_UNAVAILABLE'));
  }
}
