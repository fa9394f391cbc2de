import { z } from 'zod';
import { Problem } from './problems/problem.ts';

/** Query fields of a list: 1 to 200 items a page, 50 by default. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Maximum number of items' }),
  cursor: z.string().min(1).max(1_000).optional().meta({ description: '`next_cursor` of the previous page' }),
};

const next = z.string().nullable().meta({ description: '`cursor` of the next page; null on the last page' });

/** Returns the schema of a list's body; `id` is its name in OpenAPI. */
export const page = <Item extends z.ZodType>(item: Item, id: string) =>
  z.object({ items: z.array(item).meta({ description: 'Items of the page' }), next_cursor: next }).meta({ id });

/** Returns the page request for the read model. */
export const pageOf = ({ limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) => ({
  limit,
  cursor: cursor ?? null,
});

/** Returns the problem of a cursor that is not from an earlier page. */
export const cursorInvalid = (cause: Error): Problem =>
  new Problem('REQUEST_INVALID', cause.message, {
    cause,
    errors: [{ in: 'query', pointer: '#/cursor', detail: 'Expected `next_cursor` of an earlier page' }],
  });
