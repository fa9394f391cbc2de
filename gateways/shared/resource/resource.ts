import type { z } from 'zod';
import type { RecordName } from '../../../schemas/generated/records.ts';
import type { CommandName } from '../log/command-appender.ts';
import { getRoute, listRoute } from './reads.ts';
import type { Resource, Versioned, Write } from './spec.ts';
import { changeRoute, createRoute, removeRoute } from './writes.ts';

/**
 * Declares a kind of directory item. `reads` are its list and get routes, answered from the tables of this gateway;
 * `create`, `change` and `remove` declare its writes, with `ETag` and `If-Match`.
 */
export const resource = <Item extends Versioned, S extends z.ZodType>(spec: Resource<Item, S>) => ({
  reads: [listRoute(spec), getRoute(spec)],
  create: <B extends z.ZodType, const C extends CommandName, N extends RecordName>(
    write: Write<Item, B, C, N> & { readonly id: (body: z.output<B>) => string },
  ) => createRoute(spec, write),
  change: <B extends z.ZodType, const C extends CommandName, N extends RecordName>(write: Write<Item, B, C, N>) =>
    changeRoute(spec, write),
  remove: <const C extends CommandName, N extends RecordName>(write: Omit<Write<Item, undefined, C, N>, 'body'>) =>
    removeRoute(spec, write),
});
