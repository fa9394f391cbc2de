import type { RecordDecoder } from '../../infra/kafka/decode.ts';
import type { Log, Position } from '../../infra/kafka/port.ts';
import { topics } from '../../schemas/topics.ts';
import { GapReader } from '../shared/stream/gap-reader.ts';
import { fromLog, isConversation, type StreamEvent } from './stream-event.ts';

/** The missing events of a session. */
export interface GapRequest {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly after: number;
  /** Read positions of the read model in the conversation topic; other partitions are read from their beginning. */
  readonly positions: readonly Position[];
}

/** Reads conversation events that the read model does not have yet from the log: see GapReader. */
export class LogGapReader {
  readonly #reader: GapReader<StreamEvent>;

  constructor(log: Pick<Log, 'readTo' | 'watermarks'>, decoder: RecordDecoder) {
    this.#reader = new GapReader(log, decoder, {
      topic: topics.conversationEvents.name,
      itemOf: (decoded) => (isConversation(decoded) ? fromLog(decoded) : null),
      orderOf: ({ sequence }) => sequence,
    });
  }

  /** Resolves with the events of a session behind `after`, from `positions` to the end of the log, in order. Rejects with LogError. */
  read({ sessionId, tenantId, after, positions }: GapRequest): Promise<readonly StreamEvent[]> {
    return this.#reader.read({ key: sessionId, tenantId, positions, lacks: ({ sequence }) => sequence > after });
  }
}
