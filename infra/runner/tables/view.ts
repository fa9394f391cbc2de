import type { Table } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { partitionId } from '../../kafka/partition-id.ts';
import type { FetchedBatch, Log, LogRecord, Reader } from '../../kafka/port.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import { isRedriven } from '../dead-letters/write.ts';

/** Tables held completely in this process: read to their ends before first use, then followed, all by one reader. */
export class TableViews {
  readonly #tables: Readonly<Record<string, Table>>;
  readonly #onChange: () => void;
  #values: Readonly<Record<string, unknown>>;
  #reader: Reader | null = null;

  /** `onChange` is called after each folded batch. */
  constructor(tables: Readonly<Record<string, Table>>, onChange: () => void = () => undefined) {
    this.#tables = tables;
    this.#onChange = onChange;
    this.#values = Object.fromEntries(Object.entries(tables).map(([name, { initial }]) => [name, initial]));
  }

  /** The values by name: an object that does not change, and that a later one replaces. */
  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  /**
   * Resolves when the records that were in the topics at the call are folded. A record that cannot be decoded is logged
   * and skipped. Rejects with the error of the log, or when the registry is unavailable; later errors go to `onCrash`.
   */
  async open(log: Log, decoder: RecordDecoder, logger: Logger, onCrash: (error: Error) => void): Promise<void> {
    const topics = [...new Set(Object.values(this.#tables).map(({ topic }) => topic.name))];
    if (topics.length === 0) return;
    const filled = (await log.watermarks(topics)).filter(({ low, high }) => low < high);
    const ends = new Map(filled.map((mark) => [partitionId(mark), mark.high]));
    const atEnd = Promise.withResolvers<void>();
    // The tail may fail before anything waits for its end.
    atEnd.promise.catch(() => undefined);
    if (ends.size === 0) atEnd.resolve();
    let folding: Promise<void> = Promise.resolve();
    const fold = async (batch: FetchedBatch): Promise<void> => {
      for (const record of batch.records) await this.#fold(record, decoder, logger);
      this.#onChange();
      if (batch.next >= (ends.get(partitionId(batch)) ?? 0)) ends.delete(partitionId(batch));
      if (ends.size === 0) atEnd.resolve();
    };
    this.#reader = await log.tail({
      topics,
      from: 'beginning',
      onBatch: (batch) => {
        folding = folding.then(() => fold(batch));
        return folding;
      },
      onCrash: (error) => {
        atEnd.reject(error);
        onCrash(error);
      },
    });
    await atEnd.promise;
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  async #fold(stored: LogRecord, decoder: RecordDecoder, logger: Logger): Promise<void> {
    if (stored.value === null || isRedriven(stored.headers)) return;
    const { topic, offset } = stored;
    const tables = Object.entries(this.#tables).filter(([, table]) => table.topic.name === topic);
    for (const [name, table] of tables)
      try {
        const { record, meta } = await decoder.decode(stored);
        this.#values = { ...this.#values, [name]: table.evolve(this.#values[name], record, meta) };
      } catch (error) {
        // A skipped record would be missing for the whole life of this process.
        if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
        logger.error({ table: table.name, offset, code: codeOf(error) }, messageOf(error));
      }
  }
}
