import { z } from 'zod';
import type { RecordName, Records } from '../../../schemas/generated/records.ts';
import { commandRoute, type WriteServices } from '../command/command.ts';
import type { CommandRoute } from '../command/spec.ts';
import type { CommandName } from '../log/command-appender.ts';
import { versionedRefusal } from '../problems/versioned.ts';
import type { Shape } from '../route/request.ts';
import type { Route } from '../route/route.ts';
import { isShownHere, type TableServices } from './outcomes.ts';
import { requireManager, requireOperator, requireRoom, type Scope, tenantQuery } from './scope.ts';
import type { Resource, Versioned, Write, WriteRequest } from './spec.ts';

type Body = z.ZodType | undefined;
type Identified<B extends Body> = Pick<WriteRequest<B>, 'params' | 'body'>;

/** The differences between the three writes of a resource. */
interface Kind<B extends Body> {
  readonly operation: 'create' | 'change' | 'remove';
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly status: 200 | 201 | 204;
  readonly idOf: (request: Identified<B>) => string;
}

/** Returns the URL of an item, with `?tenant=` when the tenant is not the caller's own. */
export const locationOf = (url: string, id: string, { caller, tenantId }: Scope, isOfTenant: boolean): string =>
  `${url}/${encodeURIComponent(id)}${isOfTenant && tenantId !== caller.tenantId ? `?tenant=${tenantId}` : ''}`;

function writeRoute<
  Item extends Versioned,
  S extends z.ZodType,
  B extends Body,
  C extends CommandName,
  N extends RecordName,
>(
  resource: Resource<Item, S>,
  write: Write<Item, B, C, N>,
  { operation, method, status, idOf }: Kind<B>,
): Route<TableServices & WriteServices> {
  const { name, tag, url, idName, id, belongsTo, unknown, entryOf, view } = resource;
  const { summary, description, appends, takes, command, item, problems = [] } = write;
  const isOfTenant = belongsTo === 'tenant';
  const isNew = operation === 'create';
  const outcome = {
    status,
    schema: status === 204 ? z.undefined().describe('Removed') : resource.schema,
    inEffect: (data: Records[N], request: { readonly services: TableServices }) =>
      isShownHere(entryOf(item(data)), request),
    ...(status !== 204 && { version: (data: Records[N]) => item(data).version }),
    answer: (data: Records[N], { services }: { readonly services: TableServices }) =>
      status === 204 ? undefined : view(item(data), services),
  };
  const refusals = isNew ? (['ALREADY_EXISTS'] as const) : [unknown];
  const spec = {
    operationId: `${operation}${name}`,
    tag,
    summary,
    ...(description !== undefined && { description }),
    method,
    url: isNew ? url : `${url}/:${idName}`,
    ...(!isNew && { params: { [idName]: id }, ifMatch: 'required' }),
    query: isOfTenant ? tenantQuery : {},
    ...(write.body !== undefined && { body: write.body }),
    tenant: (request: WriteRequest<B>) =>
      isOfTenant ? ((request.query['tenant'] as string | undefined) ?? request.caller.tenantId) : idOf(request),
    takes: (request: WriteRequest<B>) => {
      (isOfTenant ? requireManager : requireOperator)(request);
      takes?.(request, idOf(request));
    },
    appends,
    command: (request: WriteRequest<B>) => {
      if (isNew) requireRoom(request.services, request);
      return command(request, idOf(request));
    },
    location: (request: WriteRequest<B>) => locationOf(url, idOf(request), request, isOfTenant),
    problems: isNew ? (['DIRECTORY_FULL'] as const) : [],
    outcomes: { IdentityRefused: versionedRefusal(...refusals, ...problems), [write.event]: outcome },
  };
  // One spec for three methods and any item: its members are checked above, but no type describes the whole.
  return commandRoute(spec as unknown as CommandRoute<TableServices, C, Record<never, never>, Shape, Shape, B>);
}

/** Declares `POST <url>`: 201 with the item, its ETag and `Location`. */
export const createRoute = <
  Item extends Versioned,
  S extends z.ZodType,
  B extends z.ZodType,
  C extends CommandName,
  N extends RecordName,
>(
  resource: Resource<Item, S>,
  write: Write<Item, B, C, N> & { readonly id: (body: z.output<B>) => string },
) =>
  writeRoute(resource, write, {
    ...{ operation: 'create', method: 'POST', status: 201 },
    idOf: ({ body }) => write.id(body as z.output<B>),
  });

/** Declares `PUT <url>/{id}`: replaces the whole item. Requires `If-Match`. */
export const changeRoute = <
  Item extends Versioned,
  S extends z.ZodType,
  B extends z.ZodType,
  C extends CommandName,
  N extends RecordName,
>(
  resource: Resource<Item, S>,
  write: Write<Item, B, C, N>,
) =>
  writeRoute(resource, write, {
    ...{ operation: 'change', method: 'PUT', status: 200 },
    idOf: ({ params }) => String(params[resource.idName]),
  });

/** Declares `DELETE <url>/{id}`: 204 when this gateway no longer shows the item. Requires `If-Match`. */
export const removeRoute = <Item extends Versioned, S extends z.ZodType, C extends CommandName, N extends RecordName>(
  resource: Resource<Item, S>,
  write: Omit<Write<Item, undefined, C, N>, 'body'>,
) =>
  writeRoute(
    resource,
    { ...write, body: undefined },
    {
      ...{ operation: 'remove', method: 'DELETE', status: 204 },
      idOf: ({ params }) => String(params[resource.idName]),
    },
  );
