import type { RecordDecoder } from '../../infra/kafka/decode.ts';
import type { Log, LogRecord, Position } from '../../infra/kafka/port.ts';
import { isRedriven } from '../../infra/runner/dead-letters/write.ts';
import { topics } from '../../schemas/topics.ts';
import { fromLog, isConversation, type StreamEvent } from './stream-event.ts';

/** The missing events of a session. */
export interface GapRequest {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly after: number;
  /** Read positions of the read model in the conversation topic; other partitions are read from their beginning. */
  readonly positions: readonly Position[];
}

/** A request with the events found for it, by sequence. */
interface Wanted {
  readonly request: GapRequest;
  readonly found: Map<number, StreamEvent>;
  readonly resolve: (events: readonly StreamEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads events that the read model does not have yet from the log. One pass runs at a time, for all requests that wait when
 * it begins: thousands of streams that resume while a projection is behind cost the broker one pass.
 */
export class LogGapReader {
  readonly #log: Pick<Log, 'readTo' | 'watermarks'>;
  readonly #decoder: RecordDecoder;
  #waiting: Wanted[] = [];
  #reading = false;

  constructor(log: Pick<Log, 'readTo' | 'watermarks'>, decoder: RecordDecoder) {
    this.#log = log;
    this.#decoder = decoder;
  }

  /** Resolves with the events of a session behind `after`, from `positions` to the end of the log, in order. Rejects with LogError. */
  read(request: GapRequest): Promise<readonly StreamEvent[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, found: new Map(), resolve, reject });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#waiting.length > 0) {
      const all = this.#waiting;
      this.#waiting = [];
      try {
        await this.#collect(all);
        for (const { found, resolve } of all) resolve([...found.values()].sort((a, b) => a.sequence - b.sequence));
      } catch (error) {
        for (const { reject } of all) reject(error);
      }
    }
    this.#reading = false;
  }

  async #collect(all: readonly Wanted[]): Promise<void> {
    const bySession = Map.groupBy(all, ({ request }) => request.sessionId);
    const from = await this.#starts(all);
    if (from.length === 0) return;
    await this.#log.readTo({
      from,
      onBatch: async ({ records }) => {
        for (const record of records) {
          const wanted = bySession.get(record.key ?? '');
          if (wanted !== undefined && !isRedriven(record.headers)) await this.#find(record, wanted);
        }
      },
    });
  }

  /** Returns, per partition with unread records, the lowest offset that any waiting request needs. */
  async #starts(all: readonly Wanted[]): Promise<Position[]> {
    const ends = await this.#log.watermarks([topics.conversationEvents.name]);
    const reached = all.map(({ request }) => new Map(request.positions.map((each) => [each.partition, each.offset])));
    return ends
      .map(({ topic, partition, low, high }) => {
        const earliest = Math.min(...reached.map((offsets) => offsets.get(partition) ?? 0));
        return { topic, partition, high, offset: Math.max(earliest, low) };
      })
      .filter(({ offset, high }) => offset < high)
      .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
  }

  async #find(record: LogRecord, wanted: readonly Wanted[]): Promise<void> {
    const decoded = await this.#decoder.decode(record);
    if (!isConversation(decoded)) return;
    const event = fromLog(decoded);
    for (const { request, found } of wanted)
      if (request.tenantId === decoded.meta.tenantId && event.sequence > request.after)
        found.set(event.sequence, event);
  }
}
