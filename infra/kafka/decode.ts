import { type RecordCodec, UndecodableError, UnknownSchemaError } from '../../schemas/codec.ts';
import { type Decoded, metaOf } from './envelope.ts';
import type { LogRecord } from './port.ts';

/** Returns the JSON text of a schema by its id. Rejects with UndecodableError when the registry does not have it. */
export type SchemaLookup = (schemaId: number) => Promise<string>;

/** Decodes records of the log: envelope and data. Asks the registry once per unknown schema id. */
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

  /**
   * Decodes without I/O. Throws UnknownSchemaError for a schema id not looked up yet, EnvelopeError, or
   * UndecodableError.
   */
  decodeSync(record: LogRecord): Decoded {
    const meta = metaOf(record);
    const decoded = this.#codec.decode(meta.value);
    if (decoded.type !== meta.type)
      throw new UndecodableError('RECORD_UNKNOWN', `ce_type is ${meta.type}, but the schema is ${decoded.type}`);
    return { record: decoded, meta };
  }

  /**
   * Rejects with EnvelopeError or UndecodableError when the record can never decode. Any other error means that the
   * registry is unavailable.
   */
  async decode(record: LogRecord): Promise<Decoded> {
    // A carried record may have another unknown schema, hence the loop; four ids in one value would be a bug in this
    // project.
    for (let lookups = 0; lookups < 4; lookups += 1) {
      try {
        return this.decodeSync(record);
      } catch (error) {
        if (!(error instanceof UnknownSchemaError)) throw error;
        this.#learn(error.schemaId, await this.#lookup(error.schemaId));
      }
    }
    throw new UndecodableError('RECORD_UNKNOWN', 'the value nests more unknown schemas than any known record');
  }

  #learn(schemaId: number, writerSchemaJson: string): void {
    try {
      this.#codec.learn(schemaId, writerSchemaJson);
    } catch (cause) {
      if (cause instanceof UndecodableError) throw cause;
      throw new UndecodableError('RECORD_UNKNOWN', `schema ${schemaId} cannot be read as the current schema`, {
        cause,
      });
    }
  }
}
