import type { Table } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { RecordDecoder } from '../decode.ts';
import { codeOf, messageOf } from '../errors.ts';
import type { FetchedBatch, Log, Reader } from '../log.ts';
import { isRedriven } from './dead-letter.ts';

/** A table held whole in this process: read to its end before it is first used, then followed. */
export class TableView {
  readonly #table: Table;
  readonly #onChange: () => void;
  #value: unknown;
  #reader: Reader | null = null;

  /** `onChange` is called behind each batch that was folded. */
  constructor(table: Table, onChange: () => void = () => undefined) {
    this.#table = table;
    this.#onChange = onChange;
    this.#value = table.initial;
  }

  get value(): unknown {
    return this.#value;
  }

  /** Resolves when everything that stood in the topic was folded. A record that cannot be read is logged and passed over. */
  async open(log: Log, decoder: RecordDecoder, logger: Logger, onCrash: (error: Error) => void): Promise<void> {
    const topic = this.#table.topic.name;
    const filled = (await log.watermarks([topic])).filter(({ low, high }) => low < high);
    const ends = new Map(filled.map(({ partition, high }) => [partition, high]));
    const atEnd = Promise.withResolvers<void>();
    // The tail may fail before anybody waits for its end.
    atEnd.promise.catch(() => undefined);
    if (ends.size === 0) atEnd.resolve();
    let folding: Promise<void> = Promise.resolve();
    const fold = async (batch: FetchedBatch): Promise<void> => {
      for (const record of batch.records) {
        if (record.value === null || isRedriven(record.headers)) continue;
        try {
          const { record: decoded, meta } = await decoder.decode(record);
          this.#value = this.#table.evolve(this.#value, decoded, meta);
        } catch (error) {
          // Passed over, it would be missing for as long as this process lives.
          if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
          logger.error({ table: this.#table.name, offset: record.offset, code: codeOf(error) }, messageOf(error));
        }
      }
      this.#onChange();
      if (batch.next >= (ends.get(batch.partition) ?? 0)) ends.delete(batch.partition);
      if (ends.size === 0) atEnd.resolve();
    };
    this.#reader = await log.tail({
      topics: [topic],
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
}
