import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import { LogError } from '../../../infra/kafka/errors.ts';
import type { Appender, Position } from '../../../infra/kafka/log.ts';
import type { RecordCodec } from '../../../schemas/codec.ts';
import type { RecordOf } from '../../../schemas/generated/records.ts';
import { keyOf, type RecordsIn, topicOf, type topics } from '../../../schemas/topics.ts';
import type { LogAvailability } from './availability.ts';
import { Deadlines } from './deadlines.ts';

/** What sets up who there is and what they may do. */
export type IdentityCommandName = RecordsIn<typeof topics.identityCommands>;

/** Records that only gateways write. */
export type Command = RecordOf<
  | RecordsIn<typeof topics.sessionsCommands>
  | RecordsIn<typeof topics.inferenceCommands>
  | RecordsIn<typeof topics.killswitchCommands>
  | RecordsIn<typeof topics.accessCommands>
  | RecordsIn<typeof topics.identityCommands>
  | RecordsIn<typeof topics.constitutionCommands>
>;

export interface CommandEnvelope {
  /** `ce_id`: the same command sent twice has the same id. */
  readonly id: string;
  readonly tenantId: string;
  readonly traceparent: string;
}

/** An append takes some 3 ms; a broker that needs longer than this is as good as away. */
const APPEND_TIMEOUT_MS = 2_000;
/** Bodies have 256 KB at most, so this bounds memory to some tens of MB in the usual case. */
export const COMMANDS_PENDING_MAX = 2_000;

const noAnswer = (): LogError => new LogError('LOG_UNAVAILABLE', `no answer in ${APPEND_TIMEOUT_MS} ms`);

export interface CommandAppenderParts {
  readonly appender: Appender;
  readonly codec: RecordCodec;
  readonly availability: LogAvailability;
  /** Throws a Problem for what must not be appended now. */
  readonly admit?: (command: Command, tenantId: string) => void;
  readonly onAppended?: (command: Command) => void;
}

/** The one write of a gateway: a command to its topic, as the first record of a chain. */
export class CommandAppender {
  readonly #parts: CommandAppenderParts;
  readonly #deadlines = new Deadlines(APPEND_TIMEOUT_MS);
  #pending = 0;

  constructor(parts: CommandAppenderParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when all in-sync replicas have the command. Rejects with LogError: LOG_UNAVAILABLE at once while the log is
   * away, after 2 s when it stops answering (the command may then still arrive: sent again with its id, it counts once),
   * LOG_OVERLOADED when too many wait. With the Problem of `admit` before any of that.
   */
  async append(command: Command, envelope: CommandEnvelope): Promise<Position> {
    const { appender, codec, availability } = this.#parts;
    this.#parts.admit?.(command, envelope.tenantId);
    if (!availability.up) throw new LogError('LOG_UNAVAILABLE', 'the log is away');
    if (this.#pending >= COMMANDS_PENDING_MAX) throw new LogError('LOG_OVERLOADED', `${this.#pending} commands wait`);
    const { id, tenantId, traceparent } = envelope;
    const outgoing = toOutgoing(codec, {
      topic: topicOf(command.type).name,
      key: keyOf(command),
      record: command,
      id,
      tenantId,
      correlationId: id,
      causationId: id,
      timeMs: Date.now(),
      traceparent,
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

  /** Given up after the time limit; a later failure of it is nobody's business then. */
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
