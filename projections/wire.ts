import { type AnyRecord, fullNames, type RecordName } from '../schemas/generated/records.ts';
import { schemas } from '../schemas/generated/schemas.ts';
import { camelCase } from '../schemas/naming.ts';

type Convert = (value: unknown) => unknown;

/** Between the field names of our code (camelCase) and those of the wire (snake_case). */
interface Conversion {
  readonly toWire: Convert;
  readonly fromWire: Convert;
}

const same: Conversion = { toWire: (value) => value, fromWire: (value) => value };

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
  readonly 'khipu.carries'?: string;
}

/** A named type is declared once and referenced afterwards, so declarations are collected on the way down. */
function conversionOf(schema: unknown, named: Map<string, Conversion>, namespace: string): Conversion {
  if (typeof schema === 'string') return named.get(schema) ?? named.get(`${namespace}.${schema}`) ?? same;
  if (Array.isArray(schema)) {
    const inner = conversionOf(
      schema.find((branch) => branch !== 'null'),
      named,
      namespace,
    );
    return inner === same ? same : both(inner, (convert) => (value) => (value === null ? null : convert(value)));
  }
  const node = schema as { type: unknown; name?: string; namespace?: string; fields?: Field[]; items?: unknown };
  if (node.type === 'record') return recordConversion(node, named, node.namespace ?? namespace);
  if (node.type === 'array') {
    const item = conversionOf(node.items, named, namespace);
    return item === same ? same : both(item, (convert) => (value) => (value as unknown[]).map(convert));
  }
  // A map's keys are the caller's own and stay unchanged; no map in our schemas holds records.
  return same;
}

const both = ({ toWire, fromWire }: Conversion, wrap: (convert: Convert) => Convert): Conversion => ({
  toWire: wrap(toWire),
  fromWire: wrap(fromWire),
});

function recordConversion(
  node: { name?: string; fields?: Field[] },
  named: Map<string, Conversion>,
  namespace: string,
): Conversion {
  const fields: { wire: string; code: string; fallback: unknown; conversion: Conversion }[] = [];
  const conversion: Conversion = {
    toWire: (value) => {
      const wire: Record<string, unknown> = {};
      for (const field of fields)
        wire[field.wire] = field.conversion.toWire((value as Record<string, unknown>)[field.code]);
      return wire;
    },
    fromWire: (value) => {
      const data: Record<string, unknown> = {};
      for (const field of fields) {
        const stored = (value as Record<string, unknown>)[field.wire];
        data[field.code] = stored === undefined ? field.fallback : field.conversion.fromWire(stored);
      }
      return data;
    },
  };
  named.set(`${namespace}.${node.name}`, conversion);
  for (const { name, type, default: fallback, 'khipu.carries': carries } of node.fields ?? [])
    fields.push({
      wire: name,
      code: camelCase(name),
      fallback,
      conversion: carries === 'record' ? carried : conversionOf(type, named, namespace),
    });
  return conversion;
}

const conversions = new Map<RecordName, Conversion>();

function conversionOfRecord(type: RecordName): Conversion {
  let conversion = conversions.get(type);
  if (conversion === undefined) {
    conversion = conversionOf(JSON.parse(schemas[type]), new Map(), '');
    conversions.set(type, conversion);
  }
  return conversion;
}

/** A record within a record includes its type, because nothing around it names the type. */
const carried: Conversion = {
  toWire: (value) => {
    const record = value as AnyRecord;
    return { type: fullNames[record.type], data: wireData(record) };
  },
  fromWire: (value) => {
    const { type, data } = value as { type: string; data: object };
    return recordFromWire(type, data);
  },
};

const names = new Map<string, RecordName>(Object.entries(fullNames).map(([name, full]) => [full, name as RecordName]));

/** Returns a record's data with the field names of the wire (snake_case), as in JSON. */
export const wireData = (record: AnyRecord): Readonly<Record<string, unknown>> =>
  conversionOfRecord(record.type).toWire(record.data) as Record<string, unknown>;

/**
 * Returns the record whose `wireData` was stored as JSON. A field that an older contract did not have gets its default.
 * Throws for a full name that is no record of ours.
 */
export function recordFromWire(fullName: string, data: object): AnyRecord {
  const type = names.get(fullName);
  if (type === undefined) throw new Error(`${fullName} is no record of ours`);
  return { type, data: conversionOfRecord(type).fromWire(data) } as AnyRecord;
}
