import type { RecordDecoder } from '../../infra/kafka/decode.ts';
import type { Log, LogRecord, Position } from '../../infra/kafka/log.ts';
import { isRedriven } from '../../infra/kafka/runner/dead-letter.ts';
import { topics } from '../../schemas/topics.ts';
import { fromLog, isConversation, type StreamEvent } from './stream-event.ts';

export interface StretchRequest {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly after: number;
  /** Where the read model stands in the conversation topic; partitions that are not named are read from their beginning. */
  readonly positions: readonly Position[];
}

/** A request, and what was found for it, by sequence. */
interface Wanted {
  readonly request: StretchRequest;
  readonly found: Map<number, StreamEvent>;
  readonly resolve: (events: readonly StreamEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads what the read model has not reached yet from the log itself. One reading at a time, for all who wait when it
 * begins: thousands of streams that resume at once while a projection is behind cost the broker no more than one.
 */
export class LogStretch {
  readonly #log: Pick<Log, 'readTo' | 'watermarks'>;
  readonly #decoder: RecordDecoder;
  #waiting: Wanted[] = [];
  #reading = false;

  constructor(log: Pick<Log, 'readTo' | 'watermarks'>, decoder: RecordDecoder) {
    this.#log = log;
    this.#decoder = decoder;
  }

  /** The events of a session behind `after` that stand between `positions` and the end of the log. Rejects with LogError. */
  read(request: StretchRequest): Promise<readonly StreamEvent[]> {
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
    const from = await this.#beginnings(all);
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

  /** Of each partition that has more, the earliest place at which somebody's read model stands. */
  async #beginnings(all: readonly Wanted[]): Promise<Position[]> {
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
