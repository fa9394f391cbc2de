import { CursorError, decodeCursor, encodeCursor, type Page } from '../../projections/sql.ts';
import { cursorInvalid } from './paging.ts';

/** The page that a client asks for. */
export interface InMemoryPageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Returns one page of `items`, ordered by id. Throws Problem REQUEST_INVALID for a cursor that is not from an earlier page. */
export function paginateInMemory<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  { limit, cursor }: InMemoryPageRequest,
): Page<Item> {
  const after = cursor === undefined ? null : idIn(cursor);
  const sorted = [...items].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  const rest = after === null ? sorted : sorted.filter((item) => idOf(item) > after);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: rest.length > limit && last !== undefined ? encodeCursor([idOf(last)]) : null };
}

function idIn(cursor: string): string {
  try {
    return decodeCursor(cursor, ['id'])[0];
  } catch (cause) {
    throw cause instanceof CursorError ? cursorInvalid(cause) : cause;
  }
}
