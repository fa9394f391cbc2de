/**
 * The part of a database handle that queries use: the tagged template of postgres.js, in or out of a transaction.
 * Declared here so that queries depend on no package. Run them inside `withTenant` (infra/stores/postgres), so that
 * row-level security holds beneath them. Each query is one statement, hence one snapshot.
 */
export type SqlValue = string | number | boolean | Date | null | readonly string[];

export type Sql = <Rows extends readonly object[]>(
  template: TemplateStringsArray,
  ...values: readonly SqlValue[]
) => PromiseLike<Rows>;

/** One page, with the cursor of the next; null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The cursor was not issued by a page. */
export class CursorError extends Error {
  readonly code = 'CURSOR_INVALID';
}

export type CursorParts = readonly (string | number)[];

/** Encodes the sort key of a page's last item as base64url JSON. */
export const encodeCursor = (parts: CursorParts): string =>
  Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');

/** Excludes numbers that Postgres or a double would round, and texts that Postgres cannot hold. */
const isPart = (part: unknown): part is string | number =>
  typeof part === 'number'
    ? Number.isSafeInteger(part) && part >= 0
    : typeof part === 'string' && part.isWellFormed() && !part.includes('\0');

/**
 * Decodes a cursor. Throws CursorError for any text that `encodeCursor` would not produce. `shape` holds one example
 * per part; types must be equal. Numbers are whole and not negative.
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

/** Later than any record, and still within the range of Postgres and RFC 3339. */
export const END_OF_TIME_MS = Date.UTC(9999, 11, 31);

/** Clamps a time read from a cursor, which a client may have forged. */
export const cursorInstant = (ms: number): Date => new Date(Math.min(ms, END_OF_TIME_MS));

/** Drops the row read beyond `limit` and returns the page with the cursor of its last item. */
export function pageOf<Item>(rows: readonly Item[], limit: number, cursorOf: (item: Item) => CursorParts): Page<Item> {
  const items = rows.slice(0, limit);
  const lastShown = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && lastShown !== undefined ? encodeCursor(cursorOf(lastShown)) : null,
  };
}
