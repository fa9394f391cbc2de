import { z } from 'zod';
import { listOf } from './list.ts';
import { type StoredItem, shownItem } from './responses/items.ts';

/** Query fields of a list of items. */
export const itemQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'Maximum number of items' }),
  after: z.string().min(1).max(200).optional().meta({ description: '`last_id` of the previous page' }),
  order: z.enum(['asc', 'desc']).default('desc').meta({ description: 'Newest first when omitted' }),
  include: z.unknown().optional().meta({ description: 'Taken, and without effect' }),
};

export const itemList = listOf(shownItem, 'ResponseItemList');

/** Returns a page of items, which are oldest first. An unknown `after` is the first page. */
export function itemPage(
  items: readonly StoredItem[],
  {
    limit,
    after,
    order,
  }: { readonly limit: number; readonly after?: string | undefined; readonly order: 'asc' | 'desc' },
) {
  const ordered = order === 'asc' ? items : items.toReversed();
  const from = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  const data = ordered.slice(from, from + limit);
  return {
    ...{ object: 'list' as const, data: [...data] as { id: string; type: StoredItem['type'] }[] },
    ...{ first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null, has_more: from + limit < ordered.length },
  };
}
