import microdiff from 'microdiff';

type Json = Readonly<Record<string, unknown>>;

/** A difference between two documents. */
export interface DocumentChange {
  readonly op: 'add' | 'remove' | 'replace';
  /** JSON Pointer; an item of a list that has an id or a name is named by it. */
  readonly path: string;
  /** Null for an addition. */
  readonly before: unknown;
  /** Null for a removal. */
  readonly after: unknown;
}

const ops = { CREATE: 'add', REMOVE: 'remove', CHANGE: 'replace' } as const;

/** Returns the name of an item of a list: its id, or its name; null when it has none. */
function nameOf(item: unknown): string | null {
  const { id, name } = (typeof item === 'object' && item !== null ? item : {}) as Json;
  const given = id ?? name;
  return typeof given === 'string' ? given : null;
}

/** Returns a value with its lists of named items as objects, so that a moved item is no difference. */
function byName(value: unknown): unknown {
  if (Array.isArray(value)) {
    const names = value.map(nameOf);
    const isNamed = value.length > 0 && names.every((name) => name !== null) && new Set(names).size === names.length;
    if (!isNamed) return value.map(byName);
    return Object.fromEntries(value.map((item, at) => [String(names[at]), byName(item)]));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, byName(each)]));
}

/** Returns a name as a part of a JSON Pointer (RFC 6901, 3). */
const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const pointerOf = (path: readonly (string | number)[]): string =>
  path.map((part) => `/${pointerPart(String(part))}`).join('');

/** Returns the differences from one document to another, by path. */
export function differences(before: Json, after: Json): readonly DocumentChange[] {
  return microdiff(byName(before) as Record<string, unknown>, byName(after) as Record<string, unknown>)
    .map((change) => ({
      op: ops[change.type],
      path: pointerOf(change.path),
      before: change.type === 'CREATE' ? null : change.oldValue,
      after: change.type === 'REMOVE' ? null : change.value,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
