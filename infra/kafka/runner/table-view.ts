import type { Table } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { RecordDecoder } from '../decode.ts';
import { codeOf, messageOf } from '../errors.ts';
import type { FetchedBatch, Log, Reader } from '../log.ts';

/** A table held whole in this process: read to its end before it is first used, then followed. */
export class TableView {
  readonly #table: Table;
  #value: unknown;
  #reader: Reader | null = null;

  constructor(table: Table) {
    this.#table = table;
    this.#value = table.initial;
  }

  get value(): unknown {
    return this.#value;
  }

  /** Resolves when everything that stood in the topic was folded. A record that cannot be read is logged and passed over. */
  async open(log: Log, decoder: RecordDecoder, logger: Logger, onCrash: (error: Error) => void): Promise<void> {
    const topic = this.#table.topic.name;
    const ends = new Map((await log.watermarks([topic])).map(({ partition, high }) => [partition, high]));
    for (const [partition, high] of ends) if (high === 0) ends.delete(partition);
    let caughtUp: () => void = () => undefined;
    const atEnd = new Promise<void>((resolve) => {
      caughtUp = resolve;
    });
    if (ends.size === 0) caughtUp();
    let folding: Promise<void> = Promise.resolve();
    const fold = async (batch: FetchedBatch): Promise<void> => {
      for (const record of batch.records) {
        if (record.value === null) continue;
        try {
          const { record: decoded, meta } = await decoder.decode(record);
          this.#value = this.#table.evolve(this.#value, decoded, meta);
        } catch (error) {
          logger.error({ table: this.#table.name, offset: record.offset, code: codeOf(error) }, messageOf(error));
        }
      }
      if (batch.next >= (ends.get(batch.partition) ?? 0)) ends.delete(batch.partition);
      if (ends.size === 0) caughtUp();
    };
    this.#reader = await log.tail({
      topics: [topic],
      from: 'beginning',
      onBatch: (batch) => {
        folding = folding.then(() => fold(batch));
        return folding;
      },
      onCrash,
    });
    await atEnd;
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }
}
