import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { DecidedTransaction } from '../../infra/kafka/memory/transactions.ts';
import { partitionId } from '../../infra/kafka/partition-id.ts';
import type { CommittedOffset, LogRecord } from '../../infra/kafka/port.ts';
import { Progress } from '../../infra/runner/worker/progress.ts';
import { lineOf } from './model.ts';
import { Violation } from './violation.ts';

interface Work {
  readonly request: LogRecord;
  /** Attempt of the latest emitted part. */
  attempt: number;
  ended: string | null;
}

/**
 * Checks each decided transaction of the worker: a request ends once, in the transaction that finishes it, and stays
 * finished; the requests of a key end in order. An unfinished run may have emitted parts of its answer: the next run
 * emits them again, under a later attempt.
 */
export class WorkerLedger {
  readonly #broker: MemoryBroker;
  readonly #works = new Map<string, Work>();
  readonly #progress = new Map<string, CommittedOffset>();
  readonly #ids = new Set<string>();
  readonly outputs: string[] = [];

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  take({ records, offsets }: DecidedTransaction): void {
    for (const { topic, partition } of offsets)
      for (const request of this.#broker.partition(topic, partition).fetch(0).records) {
        const id = request.headers['ce_id'] ?? '';
        if (!this.#works.has(id)) this.#works.set(id, { request, attempt: 0, ended: null });
      }
    const ended = new Set<Work>();
    for (const record of records) this.#result(record, ended);
    for (const offset of offsets) this.#finish(offset, ended);
  }

  #result(record: LogRecord, ended: Set<Work>): void {
    const line = lineOf(record);
    this.outputs.push(line);
    const work = this.#works.get(record.headers['ce_causationid'] ?? '');
    const id = record.headers['ce_id'] ?? '';
    if (work === undefined) throw new Violation('applied-once', `work: ${line} is of no request`);
    if (this.#ids.has(id) || work.ended !== null) throw new Violation('applied-once', `work: again ${line}`);
    this.#ids.add(id);
    const attempt = Number(/ attempt (\d+) /.exec(line)?.[1]);
    if (attempt < work.attempt) throw new Violation('order-per-key', `work: ${line} after attempt ${work.attempt}`);
    work.attempt = attempt;
    for (const { request, ended: earlier } of this.#works.values())
      if (isBefore(request, work.request) && earlier === null)
        throw new Violation('order-per-key', `work: ${line} before ${lineOf(request)} has ended`);
    if (line.endsWith(' part')) return;
    work.ended = line;
    ended.add(work);
  }

  #finish(committed: CommittedOffset, ended: ReadonlySet<Work>): void {
    const place = partitionId(committed);
    const before = this.#progress.get(place);
    const progress = new Progress(committed.offset, committed.metadata);
    const last = new Progress(before?.offset ?? 0, before?.metadata);
    this.#progress.set(place, committed);
    for (const work of this.#works.values()) {
      if (partitionId(work.request) !== place) continue;
      const { offset } = work.request;
      const finished = progress.isFinished(offset);
      const line = `work: ${lineOf(work.request)}`;
      if (last.isFinished(offset) && !finished) throw new Violation('applied-once', `${line} is not finished any more`);
      if (finished && work.ended === null)
        throw new Violation('offsets-behind-outputs', `${line} is finished and has not ended`);
      if (!finished && ended.has(work)) throw new Violation('applied-once', `${line} has ended and is not finished`);
    }
  }
}

const isBefore = (one: LogRecord, other: LogRecord): boolean =>
  one.key === other.key && one.partition === other.partition && one.offset < other.offset;
