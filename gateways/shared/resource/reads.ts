import type { z } from 'zod';
import type { Page } from '../../../projections/sql.ts';
import { etagOf } from '../etag.ts';
import { paginateInMemory } from '../paginate-in-memory.ts';
import { pageQuery } from '../paging.ts';
import { Problem } from '../problems/problem.ts';
import { declare } from '../route/declare.ts';
import type { Fields } from '../route/request.ts';
import type { TableServices } from './outcomes.ts';
import { requireManager, tenantQuery } from './scope.ts';
import type { Resource, ResourceRequest, Versioned } from './spec.ts';

const { endpoint } = declare<TableServices>();

type PageFields = Fields<typeof pageQuery & typeof tenantQuery>;
type TenantFields = { readonly tenant?: string | undefined };

/** Returns the item of a path. Throws the resource's own problem when it does not exist. */
export function itemOf<Item extends Versioned, S extends z.ZodType>(
  { find, unknown, url }: Resource<Item, S>,
  request: ResourceRequest,
  id: string,
): Item {
  const found = find(request, id);
  if (found === undefined) throw new Problem(unknown, `There is no ${url.slice('/v1/'.length)}/${id}`);
  return found;
}

/** Declares `GET <url>`: the items of a tenant in pages, ordered by id. */
export function listRoute<Item extends Versioned, S extends z.ZodType>(resource: Resource<Item, S>) {
  const { name, tag, url, belongsTo, page, list, items, idOf, view } = resource;
  const { takes = requireManager, ...words } = list;
  return endpoint({
    operationId: `list${name}s`,
    tag,
    ...words,
    url,
    query: belongsTo === 'tenant' ? { ...tenantQuery, ...pageQuery } : pageQuery,
    takes: ({ caller, query }) => takes({ caller, tenantId: (query as TenantFields).tenant ?? caller.tenantId }),
    response: page,
    answer: ({ caller, query, services }) => {
      const { tenant, ...wanted } = query as PageFields;
      const found: Page<Item> = paginateInMemory(
        items({ caller, services, tenantId: tenant ?? caller.tenantId }),
        idOf,
        wanted,
      );
      return { items: found.items.map((item) => view(item, services)), next_cursor: found.nextCursor };
    },
  });
}

/** Declares `GET <url>/{id}`: one item with its ETag. */
export function getRoute<Item extends Versioned, S extends z.ZodType>(resource: Resource<Item, S>) {
  const { name, tag, url, idName, id, belongsTo, schema, unknown, view } = resource;
  const scopeOf = (caller: ResourceRequest['caller'], query: object, itemId: string) => ({
    caller,
    tenantId: belongsTo === 'itself' ? itemId : ((query as TenantFields).tenant ?? caller.tenantId),
  });
  return endpoint({
    operationId: `get${name}`,
    tag,
    ...resource.get,
    url: `${url}/:${idName}`,
    params: { [idName]: id },
    query: belongsTo === 'tenant' ? tenantQuery : {},
    takes: ({ caller, query, params }) => requireManager(scopeOf(caller, query, String(params[idName]))),
    response: schema,
    problems: [unknown],
    answer: ({ caller, query, params, services, reply }) => {
      const itemId = String(params[idName]);
      const item = itemOf(resource, { ...scopeOf(caller, query, itemId), services }, itemId);
      reply.header('etag', etagOf(item.version));
      return view(item, services);
    },
  });
}
