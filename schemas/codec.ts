import avro from 'avsc';
import { DecimalType } from './decimal.ts';
import { type AnyRecord, fullNames, type RecordName } from './generated/records.ts';
import { schemas } from './generated/schemas.ts';
import { camelCase } from './naming.ts';

/** Confluent framing: a zero byte, then the writer's schema id (big endian, 4 bytes), then the Avro body. */
const MAGIC = 0;
const HEADER_BYTES = 5;

/** Buffer for most records: they are encoded here and copied once, including the framing. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** Thrown for bytes of an unknown schema. Learn it (`learn`) and decode again. */
export class UnknownSchemaError extends Error {
  readonly code = 'SCHEMA_UNKNOWN';
  readonly schemaId: number;
  constructor(schemaId: number) {
    super(`schema id ${schemaId} is not known yet`);
    this.schemaId = schemaId;
  }
}

/** Thrown for bytes that are not a record of this project. This is permanent: write a dead letter. */
export class UndecodableError extends Error {
  readonly code: 'BYTES_NOT_FRAMED' | 'BYTES_NOT_AVRO' | 'RECORD_UNKNOWN';
  constructor(code: UndecodableError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const logicalTypes = { decimal: DecimalType };

/**
 * Returns the schema with camelCase names. Field names are not on the wire, so it writes the same bytes and decodes
 * directly into our types.
 */
function camelFields(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(camelFields);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = schema as Record<string, unknown>;
  if (node['type'] === 'record' && Array.isArray(node['fields']))
    return {
      ...node,
      fields: node['fields'].map((field: { name: string; type: unknown }) => ({
        ...field,
        name: camelCase(field.name),
        type: camelFields(field.type),
      })),
    };
  return { ...node, items: camelFields(node['items']), values: camelFields(node['values']) };
}

const typeOf = (schemaJson: string): avro.Type =>
  avro.Type.forSchema(camelFields(JSON.parse(schemaJson)) as avro.Schema, { logicalTypes, omitRecordMethods: true });

const byFullName = new Map<string, RecordName>(
  Object.entries(fullNames).map(([name, fullName]) => [fullName, name as RecordName]),
);

const carriedFields = new Map<RecordName, string>(
  Object.entries(schemas).flatMap(([name, json]) => {
    const { fields } = JSON.parse(json) as { fields: { name: string; 'khipu.carries'?: string }[] };
    const carried = fields.find((field) => field['khipu.carries'] === 'record');
    return carried === undefined ? [] : [[name as RecordName, camelCase(carried.name)] as const];
  }),
);

/** Returns true for a record that carries another one, of any type. */
export const carries = (name: string): boolean => carriedFields.has(name as RecordName);

const types = new Map<RecordName, avro.Type>();
function readerType(name: RecordName): avro.Type {
  const known = types.get(name);
  if (known !== undefined) return known;
  const type = typeOf(schemas[name]);
  types.set(name, type);
  return type;
}

interface Decoder {
  readonly name: RecordName;
  /** For bytes of another schema than ours. */
  readonly resolver?: ReturnType<avro.Type['createResolver']>;
}

/**
 * Encodes and decodes records in Confluent framing, synchronously once the ids of the schemas are known. Other writer
 * schemas are resolved to ours by Avro's rules, so old records decode as new ones.
 */
export class RecordCodec {
  readonly #ids: ReadonlyMap<RecordName, number>;
  readonly #decoders = new Map<number, Decoder>();

  constructor(ids: ReadonlyMap<RecordName, number>) {
    this.#ids = ids;
    for (const [name, id] of ids) this.#decoders.set(id, { name });
  }

  /** Adds the writer's schema of an id. Throws UndecodableError when it is not a record of this project. */
  learn(schemaId: number, writerSchemaJson: string): void {
    const { namespace, name } = JSON.parse(writerSchemaJson) as { namespace?: string; name?: string };
    const record = byFullName.get(`${namespace}.${name}`);
    if (record === undefined)
      throw new UndecodableError(
        'RECORD_UNKNOWN',
        `schema ${schemaId} is ${namespace}.${name}, which is no record of ours`,
      );
    const isOurs = writerSchemaJson === schemas[record];
    this.#decoders.set(schemaId, {
      name: record,
      ...(!isOurs && { resolver: readerType(record).createResolver(typeOf(writerSchemaJson)) }),
    });
  }

  /**
   * Returns the framed bytes of a record. Throws when its schema has no id (not registered) or the data violates the
   * schema: both are bugs.
   */
  encode(record: AnyRecord): Buffer {
    const id = this.#ids.get(record.type);
    if (id === undefined) throw new Error(`${record.type} has no schema id: register the schemas first`);
    const type = readerType(record.type);
    const data = this.#withCarriedBytes(record);
    scratch.writeUInt8(MAGIC, 0);
    scratch.writeInt32BE(id, 1);
    const end = type.encode(data, scratch, HEADER_BYTES);
    // avsc returns a negative number for a record that does not fit; such records are rare, and encoded again.
    if (end >= 0) return Buffer.from(scratch.subarray(0, end));
    return Buffer.concat([scratch.subarray(0, HEADER_BYTES), type.toBuffer(data)]);
  }

  /** Decodes framed bytes. Throws UnknownSchemaError (learn, then retry) or UndecodableError (permanent). */
  decode(bytes: Uint8Array): AnyRecord {
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (buffer.length < HEADER_BYTES || buffer.readUInt8(0) !== MAGIC)
      throw new UndecodableError('BYTES_NOT_FRAMED', 'the value does not begin with the Confluent framing');
    const id = buffer.readInt32BE(1);
    const decoder = this.#decoders.get(id);
    if (decoder === undefined) throw new UnknownSchemaError(id);
    let data: Record<string, unknown>;
    try {
      data = readerType(decoder.name).fromBuffer(buffer.subarray(HEADER_BYTES), decoder.resolver);
    } catch (cause) {
      throw new UndecodableError('BYTES_NOT_AVRO', `the body is not a ${decoder.name}`, { cause });
    }
    const carried = carriedFields.get(decoder.name);
    if (carried !== undefined) data[carried] = this.decode(data[carried] as Buffer);
    return { type: decoder.name, data } as unknown as AnyRecord;
  }

  #withCarriedBytes(record: AnyRecord): unknown {
    const carried = carriedFields.get(record.type);
    if (carried === undefined) return record.data;
    const data = record.data as unknown as Record<string, unknown>;
    return { ...data, [carried]: this.encode(data[carried] as AnyRecord) };
  }
}
