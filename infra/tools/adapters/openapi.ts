import { z } from 'zod';
import { ToolError } from '../errors.ts';
import type { ToolRequest } from './http-client.ts';

const parameterSchema = z.object({
  name: z.string().min(1).max(200),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
});
type Parameter = z.infer<typeof parameterSchema>;

const reference = z.object({ $ref: z.string().regex(/^#\/components\/parameters\/[^/]+$/) });
const parameters = z
  .array(z.union([reference, parameterSchema]))
  .max(64)
  .optional();
const operationSchema = z.object({
  operationId: z.string().optional(),
  parameters,
  requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
});

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;

/** The part of an OpenAPI document that a call depends on. */
const documentSchema = z.object({
  openapi: z.string().regex(/^3\.[01]\.\d+$/),
  servers: z.array(z.object({ url: z.url({ protocol: /^https?$/ }) })).min(1),
  paths: z.record(
    z.string().regex(/^\//),
    z.object({ parameters, ...Object.fromEntries(METHODS.map((method) => [method, operationSchema.optional()])) }),
  ),
  components: z.object({ parameters: z.record(z.string(), parameterSchema).optional() }).optional(),
});

/** An operation of a document. */
export interface Operation {
  readonly method: string;
  /** URL of the server with the template of the path. */
  readonly template: string;
  readonly parameters: readonly Parameter[];
  readonly hasBody: boolean;
}

const invalid = (detail: string): ToolError => new ToolError('TOOL_INVALID', detail, { effect: 'none' });

/** Headers that the broker and the platform set themselves. */
const RESERVED: ReadonlySet<string> = new Set(['authorization', 'cookie', 'host', 'idempotency-key', 'content-type']);

/** Finds an operation of an OpenAPI 3.0 or 3.1 document by its id. Throws ToolError TOOL_INVALID. */
export function operationOf(openapi: unknown, operationId: string): Operation {
  const read = documentSchema.safeParse(openapi);
  if (!read.success) throw invalid(`config.openapi: ${z.prettifyError(read.error).replaceAll('\n', ' ')}`);
  const { servers, paths, components } = read.data;
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = (item as Partial<Record<string, z.infer<typeof operationSchema>>>)[method];
      if (operation?.operationId !== operationId) continue;
      const known = components?.parameters ?? {};
      const all = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolved(each, known));
      const types = Object.keys(operation.requestBody?.content ?? {});
      if (types.length > 0 && !types.includes('application/json'))
        throw invalid(`${operationId}: only bodies of application/json are supported`);
      const reserved = all.find((each) => each.in === 'header' && RESERVED.has(each.name.toLowerCase()));
      if (reserved !== undefined) throw invalid(`${operationId}: the header ${reserved.name} is not an argument`);
      const server = servers[0]?.url.replace(/\/$/, '') ?? '';
      return { method: method.toUpperCase(), template: server + path, parameters: all, hasBody: types.length > 0 };
    }
  }
  throw invalid(`config.openapi has no operation ${operationId}`);
}

function resolved(
  parameter: z.infer<typeof reference> | Parameter,
  known: Readonly<Record<string, Parameter>>,
): Parameter {
  if (!('$ref' in parameter)) return parameter;
  const name = parameter.$ref.slice('#/components/parameters/'.length);
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found === undefined) throw invalid(`config.openapi has no parameter ${name}`);
  return found;
}

const wrong = (name: string, detail: string): ToolError =>
  new ToolError('TOOL_ARGUMENTS_INVALID', `${name}: ${detail}`, { effect: 'none' });

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw wrong(name, 'expected a text, a number or a boolean');
}

/** Returns a segment of a path. A segment of dots would name another path. */
function segmentOf(name: string, value: unknown): string {
  const text = textOf(name, value);
  if (text === '' || /^\.{1,2}$/.test(text)) throw wrong(name, 'expected a text that can be a part of a path');
  return encodeURIComponent(text);
}

/**
 * Returns the request of an operation: each argument goes where the parameter of its name says, and the others are the
 * fields of the body. Throws ToolError TOOL_ARGUMENTS_INVALID.
 */
export function requestFor(operation: Operation, given: Readonly<Record<string, unknown>>): ToolRequest {
  const rest = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  let url = operation.template;
  for (const { name, in: place, required = place === 'path' } of operation.parameters) {
    const value = rest.get(name);
    rest.delete(name);
    if (value === undefined) {
      if (required) throw wrong(name, 'is missing');
    } else if (place === 'path') url = url.replaceAll(`{${name}}`, segmentOf(name, value));
    else if (place === 'header') headers[name] = textOf(name, value);
    else for (const each of Array.isArray(value) ? value : [value]) query.append(name, textOf(name, each));
  }
  if (/[{}]/.test(url)) throw wrong('path', 'a part has no argument');
  const [extra] = rest.keys();
  if (!operation.hasBody && extra !== undefined) throw wrong(extra, 'is no parameter of the operation');
  const search = query.toString();
  const body = operation.hasBody ? JSON.stringify(Object.fromEntries(rest)) : null;
  if (body !== null) headers['content-type'] = 'application/json';
  return { method: operation.method, url: search === '' ? url : `${url}?${search}`, headers, body };
}
