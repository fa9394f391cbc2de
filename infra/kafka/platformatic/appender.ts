import { initProducerIdV4 } from '@platformatic/kafka';
import { LogError } from '../errors.ts';
import type { Appender, OutgoingRecord, Position } from '../log.ts';
import { bytesMaxOf, bytesOf, RECORD_BYTES_MAX } from '../record-size.ts';
import type { Cluster } from './cluster.ts';
import { PATIENT, patiently, toLogError } from './failures.ts';
import { choosePartition } from './partitions.ts';
import { Producer } from './producer.ts';

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: LogError) => void;
}

/** After a failure appends are refused at once for this long, then the next one tries again. */
const COOL_DOWN_MS = 500;
/** An append is answered or refused within this, so that a gateway can say 503 at once. */
const ANSWER_MS_MAX = 2_000;
/** Of one send. Past a few thousand records a larger one gains nothing. */
const SEND_RECORDS_MAX = 4_000;
const SEND_BYTES_MAX = 4 * RECORD_BYTES_MAX;

let appendersMade = 0;

/**
 * Gathers single appends into sends, one of them under way at a time, as the first driver's appender does: latency when
 * idle, throughput under load. A producer whose send failed is thrown away, because its sequence numbers no longer say
 * what the broker has.
 */
export class PlatformaticAppender implements Appender {
  readonly #cluster: Cluster;
  readonly #lingerMs: number;
  readonly #pendingMax: number;
  readonly #lane: string;
  #producer: Promise<Producer> | null = null;
  #waiting: Waiting[] = [];
  #pending = 0;
  #sending: Promise<void> | null = null;
  #refuseUntilMs = 0;
  #closed = false;

  constructor(cluster: Cluster, lingerMs: number, pendingMax: number) {
    this.#cluster = cluster;
    this.#lingerMs = lingerMs;
    this.#pendingMax = pendingMax;
    appendersMade += 1;
    this.#lane = `appender-${appendersMade}`;
  }

  async append(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    if (this.#closed) throw new LogError('LOG_UNAVAILABLE', 'the appender is closed');
    if (Date.now() < this.#refuseUntilMs) throw new LogError('LOG_UNAVAILABLE', 'the log did not answer a moment ago');
    if (this.#pending + records.length > this.#pendingMax)
      throw new LogError('LOG_OVERLOADED', `${this.#pending} records wait already`);
    let bytes = 0;
    for (const record of records) {
      const size = bytesOf(record);
      // Refused here, because the broker would refuse all that is sent along with it.
      if (size > bytesMaxOf(record.topic)) throw new LogError('RECORD_TOO_LARGE', `${size} bytes to ${record.topic}`);
      bytes += size;
    }
    if (records.length === 0) return [];
    this.#pending += records.length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, bytes, resolve, reject });
      this.#sending ??= this.#drain().finally(() => {
        this.#sending = null;
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sending;
    await this.#cluster.connections.closeLane(this.#lane);
  }

  async #drain(): Promise<void> {
    if (this.#lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#lingerMs));
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        const positions = await within(ANSWER_MS_MAX, (signal) =>
          this.#send(
            group.flatMap(({ records }) => records),
            signal,
          ),
        );
        let at = 0;
        for (const { records, resolve } of group) {
          resolve(positions.slice(at, at + records.length));
          at += records.length;
        }
      } catch (error) {
        const failure = toLogError(error, 'LOG_UNAVAILABLE');
        this.#producer = null;
        // Whatever waits behind it would wait as long in vain: refuse all of it now.
        const away = failure.code === 'LOG_UNAVAILABLE';
        if (away) this.#refuseUntilMs = Date.now() + COOL_DOWN_MS;
        const behind = away ? this.#waiting.splice(0) : [];
        for (const { reject } of [...group, ...behind]) reject(failure);
        this.#pending -= count(behind);
      } finally {
        this.#pending -= count(group);
      }
    }
  }

  #takeGroup(): Waiting[] {
    let size = 0;
    let weight = 0;
    let taken = 0;
    for (const { records, bytes } of this.#waiting) {
      size += records.length;
      weight += bytes;
      if (taken > 0 && (size > SEND_RECORDS_MAX || weight > SEND_BYTES_MAX)) break;
      taken += 1;
    }
    return this.#waiting.splice(0, taken);
  }

  async #send(records: readonly OutgoingRecord[], signal: AbortSignal): Promise<Position[]> {
    const topics = records.map(({ topic }) => topic);
    await this.#cluster.learn(topics, { ...PATIENT, signal });
    const partitions = records.map((record) => choosePartition(this.#cluster, record));
    this.#producer ??= this.#begin(signal);
    return (await this.#producer).send(records, partitions, signal);
  }

  /** A broker that has just started hands out ids a moment later. */
  async #begin(signal: AbortSignal): Promise<Producer> {
    const identity = await patiently({ ...PATIENT, pauseMs: 20, signal }, () =>
      this.#cluster.ask(initProducerIdV4.api, null, ANSWER_MS_MAX),
    );
    return new Producer(this.#cluster, this.#lane, identity, null, ANSWER_MS_MAX);
  }
}

const count = (group: readonly Waiting[]): number => group.reduce((sum, { records }) => sum + records.length, 0);

/** What was refused is not tried again behind the caller's back; a request that was under way may still be written. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const given = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    given.abort();
    late.reject(new LogError('LOG_UNAVAILABLE', `no answer in ${ms} ms`));
  }, ms);
  try {
    return await Promise.race([work(given.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
