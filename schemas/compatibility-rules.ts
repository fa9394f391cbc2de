import avro from 'avsc';
import type { TopicKind } from './topics.ts';

/**
 * Required compatibility of a record. Events and decisions are replayed without time limit, by unknown readers;
 * commands must only be readable by later versions.
 */
export type Compatibility = 'FULL_TRANSITIVE' | 'BACKWARD_TRANSITIVE';
export const compatibilityOf = (kind: TopicKind): Compatibility =>
  kind === 'commands' ? 'BACKWARD_TRANSITIVE' : 'FULL_TRANSITIVE';

type Schema = string | readonly Schema[] | Node;
interface Node {
  readonly type: Schema;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: readonly Field[];
  readonly symbols?: readonly string[];
  readonly items?: Schema;
  readonly values?: Schema;
  readonly logicalType?: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly default?: string;
}
interface Field {
  readonly name: string;
  readonly type: Schema;
  readonly default?: unknown;
  readonly 'khipu.carries'?: string;
}

/** One version of a record: its schema with every named type in it. */
class Version {
  readonly root: Node;
  readonly #named = new Map<string, Node>();

  constructor(json: string) {
    this.root = JSON.parse(json) as Node;
    this.#collect(this.root, this.root.namespace ?? '');
  }

  #collect(schema: Schema | undefined, namespace: string): void {
    if (schema === undefined || typeof schema === 'string') return;
    if (Array.isArray(schema)) {
      for (const branch of schema) this.#collect(branch, namespace);
      return;
    }
    const node = schema as Node;
    const space = node.namespace ?? namespace;
    if (node.name !== undefined) this.#named.set(`${space}.${node.name}`, node);
    for (const field of node.fields ?? []) this.#collect(field.type, space);
    this.#collect(node.items, space);
    this.#collect(node.values, space);
  }

  /** Returns every named enum in it. */
  enums(): Node[] {
    return [...this.#named.values()].filter(({ symbols }) => symbols !== undefined);
  }

  /** Returns the branches of a type without null, with references resolved. */
  branches(schema: Schema): Node[] {
    const all = (Array.isArray(schema) ? schema : [schema]) as readonly (string | Node)[];
    return all
      .filter((branch) => branch !== 'null')
      .map((branch) => (typeof branch === 'string' ? (this.#named.get(branch) ?? { type: branch }) : branch));
  }
}

const wireText = (schema: Node): string =>
  schema.logicalType === 'decimal'
    ? `decimal(${schema.precision}, ${schema.scale ?? 0})`
    : (schema.logicalType ?? String(schema.type));

/**
 * Yields changes that Avro's resolution accepts but readers do not: a changed logical type, decimal shape or
 * `khipu.carries`, string changed to bytes, a symbol unknown to an old reader, a new field without default.
 */
function* changes(
  path: string,
  older: Version,
  was: Node,
  newer: Version,
  is: Node,
  mode: Compatibility,
): Generator<string> {
  const logical = was.logicalType !== undefined || is.logicalType !== undefined;
  const textual = [was.type, is.type].every((type) => type === 'string' || type === 'bytes');
  if ((logical || textual) && wireText(was) !== wireText(is)) yield `${path}: ${wireText(was)} became ${wireText(is)}`;
  if (was.symbols !== undefined && is.symbols !== undefined) {
    const [removed, added] = [without(was.symbols, is.symbols), without(is.symbols, was.symbols)];
    if (removed.length > 0) yield `${path}: symbol ${removed.join(', ')} was removed`;
    if (added.length > 0 && mode === 'FULL_TRANSITIVE' && was.default === undefined)
      yield `${path}: symbol ${added.join(', ')} was added, which readers of the old version cannot read`;
  }
  if (was.items !== undefined && is.items !== undefined)
    yield* ofTypes(`${path}[]`, older, was.items, newer, is.items, mode);
  if (was.values !== undefined && is.values !== undefined)
    yield* ofTypes(`${path}{}`, older, was.values, newer, is.values, mode);
  if (was.fields !== undefined && is.fields !== undefined)
    yield* ofFields(path, older, was.fields, newer, is.fields, mode);
}

const without = (all: readonly string[], others: readonly string[]): string[] =>
  all.filter((one) => !others.includes(one));

function* ofTypes(
  path: string,
  older: Version,
  was: Schema,
  newer: Version,
  is: Schema,
  mode: Compatibility,
): Generator<string> {
  const after = newer.branches(is);
  for (const [index, branch] of older.branches(was).entries()) {
    const match =
      branch.name === undefined ? after[index] : (after.find(({ name }) => name === branch.name) ?? after[index]);
    if (match !== undefined) yield* changes(path, older, branch, newer, match, mode);
  }
}

function* ofFields(
  path: string,
  older: Version,
  was: readonly Field[],
  newer: Version,
  is: readonly Field[],
  mode: Compatibility,
): Generator<string> {
  for (const field of is)
    if (!was.some(({ name }) => name === field.name) && !('default' in field))
      yield `${path}.${field.name}: a new field needs a default`;
  for (const field of was) {
    const next = is.find(({ name }) => name === field.name);
    if (next === undefined) {
      if (mode === 'FULL_TRANSITIVE' && !('default' in field))
        yield `${path}.${field.name}: was removed and had no default, so readers of the old version fail`;
      continue;
    }
    if (field['khipu.carries'] !== next['khipu.carries']) yield `${path}.${field.name}: khipu.carries changed`;
    yield* ofTypes(`${path}.${field.name}`, older, field.type, newer, next.type, mode);
  }
}

function resolutionError(reader: string, writer: string): string | undefined {
  try {
    avro.Type.forSchema(JSON.parse(reader) as avro.Schema).createResolver(
      avro.Type.forSchema(JSON.parse(writer) as avro.Schema),
    );
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Returns the enums of a record without default, one sentence each. A reader cannot decode a symbol added later then,
 * so nothing could be added: such an enum must not be part of a replayed record.
 */
export function closedEnums(json: string): string[] {
  const version = new Version(json);
  return version
    .enums()
    .filter((node) => node.default === undefined)
    .map(({ name }) => `${version.root.name}: enum ${name} has no default, so it could never get another symbol`);
}

/** Returns why `newer` may not follow `older`, one sentence per reason; empty when it may. */
export function breaks(olderJson: string, newerJson: string, mode: Compatibility): string[] {
  const [older, newer] = [new Version(olderJson), new Version(newerJson)];
  const name = newer.root.name ?? 'record';
  const found = [...new Set(changes(name, older, older.root, newer, newer.root, mode))];
  if (found.length > 0) return found;
  const backward = resolutionError(newerJson, olderJson);
  if (backward !== undefined) return [`${name}: records of the old version cannot be read: ${backward}`];
  const forward = mode === 'FULL_TRANSITIVE' ? resolutionError(olderJson, newerJson) : undefined;
  return forward === undefined ? [] : [`${name}: readers of the old version cannot read it: ${forward}`];
}
