import { type RecordCodec, UndecodableError, UnknownSchemaError } from '../../schemas/codec.ts';
import { type Decoded, metaOf } from './envelope.ts';
import type { LogRecord } from './log.ts';

/** Fetches the JSON text of a schema by its id. Rejects with UndecodableError when the registry has none. */
export type SchemaLookup = (schemaId: number) => Promise<string>;

/** Decodes records of the log: envelope and data. Asks the registry only for ids it never met. */
export class RecordDecoder {
  readonly #codec: RecordCodec;
  readonly #lookup: SchemaLookup;

  constructor(codec: RecordCodec, lookup: SchemaLookup) {
    this.#codec = codec;
    this.#lookup = lookup;
  }

  get codec(): RecordCodec {
    return this.#codec;
  }

  /** Synchronous once every schema id was met; throws UnknownSchemaError before. Throws EnvelopeError or UndecodableError. */
  decodeSync(record: LogRecord): Decoded {
    const meta = metaOf(record);
    const decoded = this.#codec.decode(meta.value);
    if (decoded.type !== meta.type)
      throw new UndecodableError('RECORD_UNKNOWN', `ce_type says ${meta.type}, the schema says ${decoded.type}`);
    return { record: decoded, meta };
  }

  /** Rejects with EnvelopeError or UndecodableError: the record will never decode. Anything else is the registry being away. */
  async decode(record: LogRecord): Promise<Decoded> {
    // A carried record may be of another unknown schema, hence the loop; four ids in one value would be a bug of ours.
    for (let lookups = 0; lookups < 4; lookups += 1) {
      try {
        return this.decodeSync(record);
      } catch (error) {
        if (!(error instanceof UnknownSchemaError)) throw error;
        this.#learn(error.schemaId, await this.#lookup(error.schemaId));
      }
    }
    throw new UndecodableError('RECORD_UNKNOWN', 'the value nests more unknown schemas than any record of ours');
  }

  #learn(schemaId: number, writerSchemaJson: string): void {
    try {
      this.#codec.learn(schemaId, writerSchemaJson);
    } catch (cause) {
      if (cause instanceof UndecodableError) throw cause;
      throw new UndecodableError('RECORD_UNKNOWN', `schema ${schemaId} does not read as ours`, { cause });
    }
  }
}
