import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import { LogError } from '../../../infra/kafka/errors.ts';
import type { Appender, Position } from '../../../infra/kafka/port.ts';
import type { RecordCodec } from '../../../schemas/codec.ts';
import type { RecordOf } from '../../../schemas/generated/records.ts';
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
  readonly traceparent: string;
  /** sha256 of the request, hex: copied to every record of the chain. */
  readonly requestDigest?: string;
}

/** An append takes about 3 ms; a broker that does not answer within this time counts as unavailable. */
const APPEND_TIMEOUT_MS = 2_000;
/** Appends in flight. Bodies have at most 256 KB, so this bounds memory to some tens of MB in the usual case. */
export const COMMANDS_PENDING_MAX = 2_000;

const noAnswer = (): LogError => new LogError('LOG_UNAVAILABLE', `no answer in ${APPEND_TIMEOUT_MS} ms`);

/** Parts that a command appender needs. */
export interface CommandAppenderParts {
  readonly appender: Appender;
  readonly codec: RecordCodec;
  readonly availability: LogAvailability;
  /** Throws a Problem for a command that must not be appended now. */
  readonly admit?: (command: Command, tenantId: string) => void;
  readonly onAppended?: (command: Command) => void;
}

/** Appends commands, each to its topic and as the first record of its chain. Gateways write nothing else. */
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
    const { appender, codec, availability } = this.#parts;
    this.#parts.admit?.(command, envelope.tenantId);
    if (!availability.up) throw new LogError('LOG_UNAVAILABLE', 'the log is unavailable');
    if (this.#pending >= COMMANDS_PENDING_MAX) throw new LogError('LOG_OVERLOADED', `${this.#pending} commands wait`);
    const { id, tenantId, place, traceparent, requestDigest } = envelope;
    const outgoing = toOutgoing(codec, {
      topic: topicOf(command.type).name,
      key: keyOf(command),
      record: command,
      id,
      tenantId,
      place,
      correlationId: id,
      causationId: id,
      timeMs: Date.now(),
      traceparent,
      ...(requestDigest !== undefined && { requestDigest }),
      source: 'khipu/gateway',
    });
    try {
      const [position] = await this.#bounded(appender.append([outgoing]));
      if (position === undefined) throw new LogError('LOG_PROTOCOL', 'the log gave no position');
      this.#parts.onAppended?.(command);
      return position;
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
