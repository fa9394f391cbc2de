/** Arbitrary records, generated from the Avro schemas: a new record or field is tested without more code. */
import fc from 'fast-check';
import { formatDecimal } from './decimal.ts';
import { type AnyRecord, fullNames, type RecordName } from './generated/records.ts';
import { schemas } from './generated/schemas.ts';
import { governedActions } from './governed.ts';
import { camelCase } from './naming.ts';

export const recordNames = Object.keys(fullNames) as readonly RecordName[];

type Node = string | readonly Node[] | { readonly type: string; readonly [key: string]: unknown };
type Named = ReadonlyMap<string, Node>;
interface Field {
  readonly name: string;
  readonly type: Node;
  readonly 'khipu.carries'?: string;
}

const LONG_MAX = 2 ** 52 - 1;

/** Text with any code point except lone surrogates. */
const text = fc.string({ unit: 'binary', maxLength: 24 });

const decimals = (precision: number, scale: number): fc.Arbitrary<string> =>
  fc
    .bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n })
    .map((unscaled) => formatDecimal(unscaled, scale));

function arbitraryOf(node: Node, named: Named): fc.Arbitrary<unknown> {
  if (Array.isArray(node)) return fc.oneof(...node.map((branch: Node) => arbitraryOf(branch, named)));
  if (typeof node === 'string') return primitive(node) ?? arbitraryOf(named.get(node) ?? node, named);
  const schema = node as { readonly type: string; readonly [key: string]: unknown };
  switch (schema.type) {
    case 'record':
      return fc.record(
        Object.fromEntries(
          (schema['fields'] as readonly Field[]).map((field) => [
            camelCase(field.name),
            field['khipu.carries'] === 'record'
              ? fc.constantFrom(...governedActions).chain(recordOf)
              : arbitraryOf(field.type, named),
          ]),
        ),
        { noNullPrototype: true },
      );
    case 'enum':
      return fc.constantFrom(...(schema['symbols'] as readonly string[]));
    case 'array':
      return fc.array(arbitraryOf(schema['items'] as Node, named), { maxLength: 4 });
    case 'map': {
      // A plain object cannot have the key `__proto__`.
      const key = text.filter((name) => name !== '__proto__');
      return fc.dictionary(key, arbitraryOf(schema['values'] as Node, named), { maxKeys: 4, noNullPrototype: true });
    }
    case 'bytes':
      return decimals(schema['precision'] as number, schema['scale'] as number);
    default:
      return arbitraryOf(schema.type, named);
  }
}

function primitive(name: string): fc.Arbitrary<unknown> | undefined {
  switch (name) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'int':
      return fc.integer();
    case 'long':
      // avsc writes longs exactly up to this value, far above all offsets, times and durations.
      return fc.integer({ min: -LONG_MAX, max: LONG_MAX });
    case 'float':
      return fc.float({ noNaN: true });
    case 'double':
      // Numbers that JSON keeps: states of processors are JSON, and no record has an infinite score.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case 'string':
      return text;
    default:
      return undefined;
  }
}

function namedIn(node: Node, found = new Map<string, Node>()): Map<string, Node> {
  if (typeof node === 'string') return found;
  if (Array.isArray(node)) {
    for (const branch of node as readonly Node[]) namedIn(branch, found);
    return found;
  }
  const schema = node as { readonly type: Node; readonly [key: string]: unknown };
  if (schema.type === 'record' || schema.type === 'enum')
    found.set(`${schema['namespace']}.${schema['name']}`, node).set(`${schema['name']}`, node);
  if (typeof schema.type !== 'string') namedIn(schema.type, found);
  for (const part of [schema['items'], schema['values']]) if (part !== undefined) namedIn(part as Node, found);
  for (const field of (schema['fields'] as readonly Field[] | undefined) ?? []) namedIn(field.type, found);
  return found;
}

/** Returns records of one name, valid by their schema. */
export function recordOf(name: RecordName): fc.Arbitrary<AnyRecord> {
  const schema = JSON.parse(schemas[name]) as Node;
  return arbitraryOf(schema, namedIn(schema)).map((data) => ({ type: name, data }) as unknown as AnyRecord);
}

/** Returns records of any name. */
export const anyRecord = (names: readonly RecordName[] = recordNames): fc.Arbitrary<AnyRecord> =>
  fc.constantFrom(...names).chain(recordOf);
