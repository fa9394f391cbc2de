import type { produceV9 } from '@platformatic/kafka';
import { LogError } from '../errors.ts';
import type { OutgoingRecord, Position } from '../port.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';
import type { Cluster } from './cluster.ts';
import { isUnsettled, namesOf, patiently } from './failures.ts';
import type { ProduceApi } from './produce-request.ts';
import { encodeRecordBatch } from './record-batch.ts';

/** The identity of a producer at the broker (KIP-98). Sequences begin at 0 with each new epoch. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface ProducerOptions {
  readonly lane: string;
  readonly produce: ProduceApi;
  readonly transactionalId?: string;
  /** Bound on a send, and on the leader's wait for its replicas. */
  readonly timeoutMs: number;
}

/** Records of one partition that are sent, and succeed or fail, as one. */
interface Run {
  readonly topic: string;
  readonly partition: number;
  readonly records: OutgoingRecord[];
  /** Indexes of its records in the append. */
  readonly indexes: number[];
  readonly sequence: number;
  bytes: number;
  base: number;
}

const NEVER = new AbortController().signal;
/** A leader that adds its partition to a transaction may meet the end of the one before. */
const isPassing = (names: ReadonlySet<string>): boolean => isUnsettled(names, 'CONCURRENT_TRANSACTIONS');

const SEQUENCES = 2 ** 31;

/** An idempotent producer: one request at a time to each leader; a repeated one carries the same sequence numbers. */
export class Producer {
  readonly #cluster: Cluster;
  readonly #lane: string;
  readonly #produce: ProduceApi;
  readonly #transactionalId: string | null;
  readonly #timeoutMs: number;
  #identity: ProducerIdentity;
  readonly #sequences = new Map<string, number>();

  constructor(cluster: Cluster, identity: ProducerIdentity, options: ProducerOptions) {
    this.#cluster = cluster;
    this.#identity = identity;
    this.#lane = options.lane;
    this.#produce = options.produce;
    this.#transactionalId = options.transactionalId ?? null;
    this.#timeoutMs = options.timeoutMs;
  }

  get identity(): ProducerIdentity {
    return this.#identity;
  }

  /** Takes the identity of the next transaction. */
  renew(identity: ProducerIdentity): void {
    this.#identity = identity;
    this.#sequences.clear();
  }

  /**
   * Writes the nth record to the nth partition. After a rejection the producer must not be used again: its sequences
   * are unknown.
   */
  async send(
    records: readonly OutgoingRecord[],
    partitions: readonly number[],
    signal: AbortSignal = NEVER,
  ): Promise<Position[]> {
    const positions: Position[] = [];
    for (const round of this.#rounds(records, partitions)) {
      await this.#sendRound(round, signal);
      for (const { topic, partition, indexes, base } of round)
        for (const [nth, index] of indexes.entries()) positions[index] = { topic, partition, offset: base + nth };
    }
    return positions;
  }

  /** Splits records that one partition's batch cannot hold into rounds; a round has at most one run of each partition. */
  #rounds(records: readonly OutgoingRecord[], partitions: readonly number[]): Run[][] {
    const rounds: Map<string, Run>[] = [];
    const roundOf = new Map<string, number>();
    for (const [index, record] of records.entries()) {
      const partition = partitions[index] as number;
      const id = `${record.topic}:${partition}`;
      const bytes = bytesOf(record);
      let at = roundOf.get(id) ?? 0;
      let run = rounds[at]?.get(id);
      if (run !== undefined && run.bytes + bytes > RECORD_BYTES_MAX) {
        at += 1;
        run = undefined;
      }
      const sequence = this.#sequences.get(id) ?? 0;
      if (run === undefined) {
        run = { topic: record.topic, partition, records: [], indexes: [], sequence, bytes: 0, base: -1 };
        roundOf.set(id, at);
        rounds[at] ??= new Map();
        rounds[at]?.set(id, run);
      }
      run.records.push(record);
      run.indexes.push(index);
      run.bytes += bytes;
      this.#sequences.set(id, (sequence + 1) % SEQUENCES);
    }
    return rounds.map((round) => [...round.values()]);
  }

  async #sendRound(round: readonly Run[], signal: AbortSignal): Promise<void> {
    let waiting = round;
    let moved = false;
    const patience = { forMs: this.#timeoutMs, pauseMs: 50, passes: isPassing, signal };
    await patiently(patience, async () => {
      if (moved) await this.#cluster.refresh([...new Set(waiting.map(({ topic }) => topic))]);
      const byLeader = new Map<number, Run[]>();
      for (const run of waiting) {
        const leader = this.#cluster.leaderOf(run.topic, run.partition);
        byLeader.set(leader, [...(byLeader.get(leader) ?? []), run]);
      }
      const answers = await Promise.allSettled([...byLeader].map(([leader, runs]) => this.#request(leader, runs)));
      waiting = waiting.filter(({ base }) => base < 0);
      moved = waiting.length > 0;
      const failed = answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason as unknown);
      if (failed.length > 0) throw failed.find((reason) => !isPassing(namesOf(reason))) ?? failed[0];
    });
    if (waiting.length > 0) throw new LogError('LOG_PROTOCOL', 'the broker did not return the offset of every record');
  }

  async #request(leader: number, runs: readonly Run[]): Promise<void> {
    const byPlace = new Map(runs.map((run) => [`${run.topic}:${run.partition}`, run]));
    const origin = { ...this.#identity, transactional: this.#transactionalId !== null, timestampMs: Date.now() };
    const encoded = runs.map(({ topic, partition, records, sequence }) => ({
      topic,
      partition,
      batch: encodeRecordBatch(records, { ...origin, sequence }),
    }));
    const take = ({ responses }: produceV9.ProduceResponse): void => {
      for (const { name, partitionResponses } of responses)
        for (const { index, errorCode, baseOffset } of partitionResponses) {
          const run = byPlace.get(`${name}:${index}`);
          if (run !== undefined && errorCode === 0) run.base = Number(baseOffset);
        }
    };
    try {
      take(
        await this.#cluster.call(leader, this.#lane, this.#produce, this.#transactionalId, this.#timeoutMs, encoded),
      );
    } catch (error) {
      // The client throws a whole answer when one partition failed; the other partitions of it succeeded.
      const answer = (error as { response?: produceV9.ProduceResponse }).response;
      if (answer?.responses !== undefined) take(answer);
      throw error;
    }
  }
}
