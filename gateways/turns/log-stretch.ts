import type { RecordDecoder } from '../../infra/kafka/decode.ts';
import type { Log, Position } from '../../infra/kafka/log.ts';
import { isRedriven } from '../../infra/kafka/runner/dead-letter.ts';
import { topics } from '../../schemas/topics.ts';
import { fromLog, isConversation, type StreamEvent } from './stream-event.ts';

/** Reading the log costs the broker and this process; streams that resume while a projection is behind take turns. */
const READERS_MAX = 4;

export interface StretchRequest {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly after: number;
  /** Where the read model stands in the conversation topic; partitions that are not named are read from their beginning. */
  readonly positions: readonly Position[];
}

/** Reads what the read model has not reached yet from the log itself. */
export class LogStretch {
  readonly #log: Pick<Log, 'readTo' | 'watermarks'>;
  readonly #decoder: RecordDecoder;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(log: Pick<Log, 'readTo' | 'watermarks'>, decoder: RecordDecoder) {
    this.#log = log;
    this.#decoder = decoder;
  }

  /** The events of a session behind `after` that stand between `positions` and the end of the log. Rejects with LogError. */
  async read(request: StretchRequest): Promise<readonly StreamEvent[]> {
    await this.#enter();
    try {
      return await this.#collect(request);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #collect({ sessionId, tenantId, after, positions }: StretchRequest): Promise<readonly StreamEvent[]> {
    const reached = new Map(positions.map(({ partition, offset }) => [partition, offset]));
    const ends = await this.#log.watermarks([topics.conversationEvents.name]);
    const from = ends
      .map(({ topic, partition, low, high }) => ({
        topic,
        partition,
        high,
        offset: Math.max(reached.get(partition) ?? 0, low),
      }))
      .filter(({ offset, high }) => offset < high)
      .map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    const found = new Map<number, StreamEvent>();
    if (from.length > 0)
      await this.#log.readTo({
        from,
        onBatch: async ({ records }) => {
          for (const record of records) {
            if (record.key !== sessionId || isRedriven(record.headers)) continue;
            const decoded = await this.#decoder.decode(record);
            if (!isConversation(decoded) || decoded.meta.tenantId !== tenantId) continue;
            const event = fromLog(decoded);
            if (event.sequence > after) found.set(event.sequence, event);
          }
        },
      });
    return [...found.values()].sort((a, b) => a.sequence - b.sequence);
  }

  async #enter(): Promise<void> {
    while (this.#running >= READERS_MAX) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }
}
