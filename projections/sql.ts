/**
 * What queries need of a database handle: the tagged template of postgres.js, in or out of a transaction. Named here so
 * that queries stand on no package. Run them inside `withTenant` (infra/postgres): row-level security then holds beneath
 * them. Each query is one statement, hence one snapshot.
 */
export type SqlValue = string | number | boolean | Date | null | readonly string[];

export type Sql = <Rows extends readonly object[]>(
  template: TemplateStringsArray,
  ...values: readonly SqlValue[]
) => PromiseLike<Rows>;

/** One page, and where the next begins; null when this was the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The cursor is not one that a page gave out. */
export class CursorError extends Error {
  readonly code = 'CURSOR_INVALID';
}

export type CursorParts = readonly (string | number)[];

export const encodeCursor = (parts: CursorParts): string =>
  Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');

/** No number that Postgres or a double would round, no text that Postgres cannot hold. */
const isPart = (part: unknown): part is string | number =>
  typeof part === 'number'
    ? Number.isSafeInteger(part) && part >= 0
    : typeof part === 'string' && part.isWellFormed() && !part.includes('\0');

/**
 * Throws CursorError for any text but those that `encodeCursor` gives. `shape` holds one example a part: types must be equal.
 * Numbers are whole and not negative.
 */
export function decodeCursor<const Shape extends CursorParts>(
  cursor: string,
  shape: Shape,
): { readonly [K in keyof Shape]: Shape[K] extends number ? number : string } {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorError('the cursor is not one of ours');
  }
  const fits =
    Array.isArray(parts) &&
    parts.length === shape.length &&
    parts.every((part, index) => isPart(part) && typeof part === typeof shape[index]) &&
    encodeCursor(parts as CursorParts) === cursor;
  if (!fits) throw new CursorError('the cursor is not one of ours');
  return parts as never;
}

/** Later than any record, and still a time that Postgres and RFC 3339 can write. */
export const END_OF_TIME_MS = Date.UTC(9999, 11, 31);

/** A time out of a cursor, which a client may have made up. */
export const cursorInstant = (ms: number): Date => new Date(Math.min(ms, END_OF_TIME_MS));

/** Cuts the row that was read beyond `limit` and makes the cursor of the last that is shown. */
export function pageOf<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => CursorParts): Page<Item> {
  const items = rows.slice(0, limit);
  const lastShown = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && lastShown !== undefined ? encodeCursor(cursorOf(lastShown)) : null,
  };
}
