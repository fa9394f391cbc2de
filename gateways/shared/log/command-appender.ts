import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import { LogError } from '../../../infra/kafka/errors.ts';
import type { Appender, OutgoingRecord, Position } from '../../../infra/kafka/port.ts';
import { bytesOf } from '../../../infra/kafka/record-size.ts';
import { traceAppended } from '../../../infra/tracing/record-spans.ts';
import type { RecordCodec } from '../../../schemas/codec.ts';
import type { RecordOf } from '../../../schemas/generated/records.ts';
import { childTraceparent, spanOf } from '../../../schemas/ids.ts';
import { keyOf, type RecordsIn, topicOf, type topics } from '../../../schemas/topics.ts';
import type { LogAvailability } from './availability.ts';
import { Deadlines } from './deadlines.ts';

/** Record names of the topics of commands. ACLs reject those that only another process may write. */
export type CommandName = RecordsIn<
  (typeof topics)[Extract<keyof typeof topics, `${string}Commands` | `${string}Controls`>]
>;
/** A record that a gateway appends. */
export type Command = RecordOf<CommandName>;

/** Headers of a command. */
export interface CommandEnvelope {
  /** `ce_id`: the same for a command that is sent again. */
  readonly id: string;
  readonly tenantId: string;
  /** `khipu_place` of the session or request; null for a command outside of them. */
  readonly place: string | null;
  /** Of the request: the command is its child. */
  readonly traceparent: string;
  /** sha256 of the request, hex: copied to every record of the chain. */
  readonly requestDigest?: string;
}

/** An append takes about 3 ms; a broker that does not answer within this time counts as unavailable. */
const APPEND_TIMEOUT_MS = 2_000;
/** Appends in flight. Bodies have at most 256 KB, so this bounds memory to some tens of MB in the usual case. */
export const COMMANDS_PENDING_MAX = 2_000;

const noAnswer = (): LogError => new LogError('LOG_UNAVAILABLE', `no answer in ${APPEND_TIMEOUT_MS} ms`);

/** Bounds of a slice of many commands: one record batch of a partition has at most 1 MB. */
const SLICE_COMMANDS_MAX = 500;
const SLICE_BYTES_MAX = 512 * 1024;

/** A command with its headers. */
export interface EnvelopedCommand {
  readonly command: Command;
  readonly envelope: CommandEnvelope;
}

/** Parts that a command appender needs. */
export interface CommandAppenderParts {
  readonly appender: Appender;
  readonly codec: RecordCodec;
  readonly availability: LogAvailability;
  /** Throws a Problem for a command that must not be appended now. */
  readonly admit?: (command: Command, tenantId: string) => void;
  readonly onAppended?: (command: Command, tenantId: string) => void;
}

/** Appends commands, each to its topic and as the first record of its chain. Beside them gateways write the pieces of files. */
export class CommandAppender {
  readonly #parts: CommandAppenderParts;
  readonly #deadlines = new Deadlines(APPEND_TIMEOUT_MS);
  #pending = 0;

  constructor(parts: CommandAppenderParts) {
    this.#parts = parts;
  }

  /**
   * Appends a command to the topic that the catalogue names for the record, under its key. Resolves with its position when
   * all in-sync replicas have it. Rejects with the Problem of `admit`; with LogError LOG_UNAVAILABLE at once while the log is
   * unavailable, and after 2 s without an answer (the command may still arrive; sent again with its id, it counts once);
   * with LogError LOG_OVERLOADED when 2,000 appends are in flight.
   */
  async append(command: Command, envelope: CommandEnvelope): Promise<Position> {
    const [position] = await this.#appendSlice([this.#outgoing({ command, envelope })]);
    if (position === undefined) throw new LogError('LOG_PROTOCOL', 'the log gave no position');
    this.#parts.onAppended?.(command, envelope.tenantId);
    return position;
  }

  /**
   * Appends many commands in their order, slice by slice: 500 commands or 512 KiB are encoded at a time. Rejects like
   * `append`; then the log may have the first slices.
   */
  async appendAll(commands: Iterable<EnvelopedCommand>): Promise<void> {
    let slice: { readonly command: Command; readonly tenantId: string; readonly outgoing: OutgoingRecord }[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (slice.length === 0) return;
      const full = slice;
      [slice, bytes] = [[], 0];
      await this.#appendSlice(full.map(({ outgoing }) => outgoing));
      for (const { command, tenantId } of full) this.#parts.onAppended?.(command, tenantId);
    };
    for (const each of commands) {
      const outgoing = this.#outgoing(each);
      const size = bytesOf(outgoing);
      if (slice.length >= SLICE_COMMANDS_MAX || bytes + size > SLICE_BYTES_MAX) await flush();
      slice.push({ command: each.command, tenantId: each.envelope.tenantId, outgoing });
      bytes += size;
    }
    await flush();
  }

  #outgoing({ command, envelope }: EnvelopedCommand): OutgoingRecord {
    this.#parts.admit?.(command, envelope.tenantId);
    this.#requireReady();
    const { id, tenantId, place, traceparent, requestDigest } = envelope;
    const parentSpan = spanOf(traceparent);
    return toOutgoing(this.#parts.codec, {
      topic: topicOf(command.type).name,
      key: keyOf(command),
      record: command,
      id,
      tenantId,
      place,
      correlationId: id,
      causationId: id,
      timeMs: Date.now(),
      traceparent: childTraceparent(traceparent, id),
      ...(parentSpan !== undefined && { parentSpan }),
      ...(requestDigest !== undefined && { requestDigest }),
      source: 'khipu/gateway',
    });
  }

  #requireReady(): void {
    if (!this.#parts.availability.up) throw new LogError('LOG_UNAVAILABLE', 'the log is unavailable');
    if (this.#pending >= COMMANDS_PENDING_MAX) throw new LogError('LOG_OVERLOADED', `${this.#pending} commands wait`);
  }

  async #appendSlice(records: readonly OutgoingRecord[]): Promise<readonly Position[]> {
    const { appender, availability } = this.#parts;
    const sinceMs = Date.now();
    try {
      const positions = await this.#bounded(appender.append(records));
      traceAppended(records, sinceMs);
      return positions;
    } catch (error) {
      if (error instanceof LogError && error.code === 'LOG_UNAVAILABLE') availability.reportDown();
      throw error;
    }
  }

  /** Rejects after the time limit. Failures after it are ignored. */
  #bounded(appending: Promise<readonly Position[]>): Promise<readonly Position[]> {
    this.#pending += 1;
    return new Promise((resolve, reject) => {
      const end = this.#deadlines.begin(() => reject(noAnswer()));
      appending
        .finally(() => {
          this.#pending -= 1;
          end();
        })
        .then(resolve, reject);
    });
  }
}
