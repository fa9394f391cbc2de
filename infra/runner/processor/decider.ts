import { UndecodableError, UnknownSchemaError } from '../../../schemas/codec.ts';
import { type Topology, UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { type Decoded, EnvelopeError } from '../../kafka/envelope.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { isTooLarge } from '../../kafka/record-size.ts';
import type { Admission } from '../dead-letters/gate.ts';
import { redriveHeaders } from '../dead-letters/write.ts';
import type { RunnerMetrics } from '../metrics.ts';
import { nameOutputs } from '../name-outputs.ts';
import type { ProgressBeacon } from '../progress-beacon.ts';
import type { Member } from './member.ts';
import { DecideError, MemberDecider } from './member-decider.ts';
import { emptyTransaction, type StagedTransaction } from './staged-transaction.ts';

/**
 * Output records after which a transaction takes no further external record. The chain of one external record is
 * bounded by the hops of its topology, and is never cut.
 */
export const TRANSACTION_OUTPUTS_MAX = 4_000;

export interface DeciderDependencies {
  readonly topology: Topology;
  /** In the order of the topology. */
  readonly members: readonly Member[];
  readonly partition: number;
  /** Number of partitions of all topics of the topology. */
  readonly partitions: number;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly beacon: ProgressBeacon;
}

/** A record of a chain: the external one, or one that was handed on. */
interface Link {
  readonly record: LogRecord;
  /** Number of records before it in its chain. */
  readonly hops: number;
}

/** A member that reads a record, with what it does with it. */
interface Reader {
  readonly member: MemberDecider;
  readonly admission: Admission;
}

/**
 * Decides records of one partition in order, each with the chain of records that it leads to, and stages the results,
 * which take effect on commit. A member that fails on a record of a chain ends the chain there: what came before stays,
 * and a dead letter takes the place of what the member would have written.
 */
export class Decider {
  readonly #d: DeciderDependencies;
  readonly #members: readonly MemberDecider[];
  /** Members that read a topic, in the order of the topology. */
  readonly #readers = new Map<string, readonly MemberDecider[]>();
  readonly #internal: ReadonlySet<string>;

  constructor(dependencies: DeciderDependencies) {
    this.#d = dependencies;
    const { topology, members } = dependencies;
    this.#members = members.map((member) => new MemberDecider(member, dependencies));
    this.#internal = new Set(topology.internal.map(({ name }) => name));
    for (const { name } of [...topology.external, ...topology.internal])
      this.#readers.set(
        name,
        this.#members.filter(({ processor }) => processor.inputs.some((input) => input.name === name)),
      );
  }

  /**
   * Returns the staged results of a batch, or of its beginning (`taken`) when they are many. With `watchful` the state
   * is measured after each record, to find the record that makes it too large to write. Rejects with the error of the
   * registry, the log or a table; a record that cannot be decoded or decided becomes a dead letter instead.
   */
  async decide(records: readonly LogRecord[], watchful = false): Promise<StagedTransaction> {
    const { topology, metrics, beacon } = this.#d;
    const end = metrics.decideSeconds.startTimer({ processor: topology.name });
    const staged = emptyTransaction(topology);
    for (const member of this.#members) member.begin(staged, watchful);
    for (const record of records) {
      if (staged.records.length >= TRANSACTION_OUTPUTS_MAX) break;
      const begun = staged.records.length;
      const deciding = this.#decideChain(record, staged);
      if (deciding !== undefined) await deciding;
      nameOutputs(staged.records, begun, topology.name, record);
      staged.taken += 1;
    }
    beacon.leave();
    const states = this.#members.flatMap((member) => member.stateRecords());
    end();
    if (!watchful && states.some(isTooLarge)) return this.decide(records, true);
    staged.records.push(...states);
    return staged;
  }

  /** Decides an external record and everything that is handed on because of it: first in, first out. */
  #decideChain(external: LogRecord, staged: StagedTransaction): Promise<void> | undefined {
    const chain: Link[] = [{ record: returned(external, this.#d.topology), hops: 0 }];
    return this.#follow(chain, 0, external, staged);
  }

  /** Decides the links of a chain from `at` on; asynchronous only while a schema is looked up. */
  #follow(chain: Link[], at: number, external: LogRecord, staged: StagedTransaction): Promise<void> | undefined {
    for (let index = at; index < chain.length; index += 1) {
      const link = chain[index] as Link;
      const readers = (this.#readers.get(link.record.topic) ?? []).map((member) => ({
        member,
        admission: member.admit(link.record),
      }));
      const decoding = readers.some(({ admission }) => admission === 'work') ? this.#decode(link.record) : null;
      if (decoding instanceof Promise)
        return decoding
          .catch((error: unknown) => failedDecoding(error))
          .then((decoded) => {
            this.#decideLink(link, decoded, readers, chain, external, staged);
            return this.#follow(chain, index + 1, external, staged);
          });
      this.#decideLink(link, decoding, readers, chain, external, staged);
    }
    return undefined;
  }

  #decideLink(
    { record, hops }: Link,
    decoded: Decoding,
    readers: readonly Reader[],
    chain: Link[],
    external: LogRecord,
    staged: StagedTransaction,
  ): void {
    for (const { member, admission } of readers)
      for (const outgoing of member.take(record, admission, decoded, { external, hops })) {
        staged.records.push(outgoing);
        if (this.#internal.has(outgoing.topic))
          chain.push({ record: this.#handedOn(outgoing, external), hops: hops + 1 });
      }
  }

  /** Returns an output as its readers would read it. Its bytes are decoded again, so they see what the log holds. */
  #handedOn({ topic, key, value, headers }: OutgoingRecord, { timestampMs }: LogRecord): LogRecord {
    return { topic, partition: this.#d.partition, offset: UNKNOWN_OFFSET, key, value, headers, timestampMs };
  }

  #decode(record: LogRecord): Decoding | Promise<Decoded> {
    try {
      return this.#d.decoder.decodeSync(record);
    } catch (error) {
      if (error instanceof UnknownSchemaError) return this.#d.decoder.decode(record);
      return failedDecoding(error);
    }
  }
}

/** A decoded record, the error of its bytes, or null when no member is to decide it. */
export type Decoding = Decoded | DecideError | null;

/** Returns the error of a record that can never be decoded; throws any other, which ends this life of the task. */
function failedDecoding(error: unknown): DecideError {
  if (error instanceof EnvelopeError || error instanceof UndecodableError) return new DecideError(error);
  throw error;
}

/** Returns a redriven record as a record of its own topic again. */
function returned(record: LogRecord, { redrives }: Topology): LogRecord {
  if (record.topic !== redrives?.name) return record;
  return { ...record, topic: record.headers[redriveHeaders.topic] ?? record.topic, offset: UNKNOWN_OFFSET };
}
