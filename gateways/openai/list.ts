import { z } from 'zod';
import { encodeCursor } from '../../projections/sql.ts';

/** Most items that a page of this gateway has; a client that asks for more gets `has_more`. */
const ITEMS_MAX = 200;

const EXAMPLE_ID = '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01';

/** Query fields of a list of the OpenAI API. */
export const listQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(20)
    .meta({ description: `Maximum number of items; a page has at most ${ITEMS_MAX}` }),
  after: z.string().min(1).max(64).optional().meta({ description: '`last_id` of the previous page' }),
};

/** Returns the schema of a list; `id` is its name in OpenAPI. */
export const listOf = <Item extends z.ZodType>(item: Item, id: string) =>
  z
    .object({
      object: z.literal('list'),
      data: z.array(item),
      first_id: z
        .string()
        .nullable()
        .meta({ examples: [EXAMPLE_ID] }),
      last_id: z
        .string()
        .nullable()
        .meta({ description: '`after` of the next page', examples: [EXAMPLE_ID] }),
      has_more: z.boolean(),
    })
    .meta({ id });

/** A row that lists are ordered by. */
interface Listed {
  readonly created_at: string | null;
}

/** Returns the page of the read model that a request asks for. `after` is the row of `after`, and `id` its id. */
export const pageAfter = (limit: number, after: { readonly row: Listed; readonly id: string } | null) => ({
  limit: Math.min(limit, ITEMS_MAX),
  cursor: after === null ? null : encodeCursor([Date.parse(after.row.created_at ?? ''), after.id]),
});

/** Returns a list of the OpenAI API. */
export const listBody = <Item extends { readonly id: string }>(items: readonly Item[], hasMore: boolean) => ({
  ...{ object: 'list' as const, data: [...items] },
  ...{ first_id: items[0]?.id ?? null, last_id: items.at(-1)?.id ?? null, has_more: hasMore },
});

/** Returns seconds since 1970; null without a time. */
export const secondsOf = (time: string | null): number | null =>
  time === null ? null : Math.floor(Date.parse(time) / 1_000);
