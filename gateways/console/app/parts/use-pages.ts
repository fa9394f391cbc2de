import { useState } from 'preact/hooks';
import { type Resource, useResource } from './use-resource.ts';

interface PageOf<Item> {
  readonly items: Item[];
  readonly next_cursor: string | null;
}

/** A list that is read page by page. */
export interface Pages<Item> {
  readonly page: Resource<PageOf<Item>>;
  /** Opens the next page; null on the last one. */
  readonly next: (() => void) | null;
  /** Opens the page before; null on the first one. */
  readonly previous: (() => void) | null;
}

/** Reads a list page by page. The first page is read again every `everyMs`. */
export function usePages<Item>(
  key: string,
  load: (cursor: string | undefined) => Promise<PageOf<Item>>,
  everyMs?: number,
): Pages<Item> {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const page = useResource(`${key}?${cursor ?? ''}`, () => load(cursor), {
    everyMs: cursor === undefined ? everyMs : undefined,
  });
  const after = page.data?.next_cursor ?? null;
  return {
    page,
    next: after === null ? null : () => setCursors((before) => [...before, after]),
    previous: cursors.length === 0 ? null : () => setCursors((before) => before.slice(0, -1)),
  };
}
