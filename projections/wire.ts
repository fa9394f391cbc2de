import { type AnyRecord, fullNames, type RecordName } from '../schemas/generated/records.ts';
import { schemas } from '../schemas/generated/schemas.ts';
import { camelCase } from '../schemas/naming.ts';

type Convert = (value: unknown) => unknown;
const same: Convert = (value) => value;

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly 'khipu.carries'?: string;
}

/** Named types may be given once and named afterwards, so they are collected on the way down. */
function converterOf(schema: unknown, named: Map<string, Convert>, namespace: string): Convert {
  if (typeof schema === 'string') return named.get(schema) ?? named.get(`${namespace}.${schema}`) ?? same;
  if (Array.isArray(schema)) {
    const inner = converterOf(
      schema.find((branch) => branch !== 'null'),
      named,
      namespace,
    );
    return inner === same ? same : (value) => (value === null ? null : inner(value));
  }
  const node = schema as { type: unknown; name?: string; namespace?: string; fields?: Field[]; items?: unknown };
  if (node.type === 'record') return recordConverter(node, named, node.namespace ?? namespace);
  if (node.type === 'array') {
    const item = converterOf(node.items, named, namespace);
    return item === same ? same : (value) => (value as unknown[]).map(item);
  }
  // A map's keys are the caller's own and stay as they are; no map of ours holds records.
  return same;
}

function recordConverter(
  node: { name?: string; fields?: Field[] },
  named: Map<string, Convert>,
  namespace: string,
): Convert {
  const fields: { wire: string; code: string; convert: Convert }[] = [];
  const convert: Convert = (value) => {
    const wire: Record<string, unknown> = {};
    for (const field of fields) wire[field.wire] = field.convert((value as Record<string, unknown>)[field.code]);
    return wire;
  };
  named.set(`${namespace}.${node.name}`, convert);
  for (const { name, type, 'khipu.carries': carries } of node.fields ?? [])
    fields.push({
      wire: name,
      code: camelCase(name),
      convert: carries === 'record' ? carried : converterOf(type, named, namespace),
    });
  return convert;
}

const converters = new Map<RecordName, Convert>();

/** A record within a record shows its type, since nothing beside it would. */
const carried: Convert = (value) => {
  const record = value as AnyRecord;
  return { type: fullNames[record.type], data: wireData(record) };
};

/** The data of a record with the field names of the wire (snake_case), as JSON shows it. */
export function wireData(record: AnyRecord): Readonly<Record<string, unknown>> {
  let convert = converters.get(record.type);
  if (convert === undefined) {
    convert = converterOf(JSON.parse(schemas[record.type]), new Map(), '');
    converters.set(record.type, convert);
  }
  return convert(record.data) as Record<string, unknown>;
}
