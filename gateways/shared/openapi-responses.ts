import type { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import type { CommandName } from './log/command-appender.ts';
import { NDJSON, type NdjsonForm } from './problems/ndjson-body.ts';
import type { ResponseHeaders } from './route/documented.ts';

type Transform = ReturnType<typeof createJsonSchemaTransform>;

/** The members of a route's configuration that describe its responses. */
interface Described {
  readonly appends?: readonly CommandName[];
  readonly answerHeaders?: ResponseHeaders;
  readonly ndjson?: NdjsonForm;
}

/** A response in the form of @fastify/swagger. */
interface Response {
  readonly description?: string;
  readonly [member: string]: unknown;
}

/** Texts by status, of responses whose schema has no text of its own: of routes that append a command, and of the others. */
const texts: Readonly<Record<'command' | 'query', Readonly<Record<string, string>>>> = {
  command: {
    200: 'The outcome of the command',
    201: 'Created',
    202: 'The command is in the log; `Location` is the URL of its result',
  },
  query: {
    200: 'The request succeeded',
    201: 'Created',
    202: 'Not ended yet',
    503: 'Not ready; the body gives the reason',
  },
};

/**
 * Adds to each response what zod does not describe: its headers, and a text for its status when the schema has none. Throws for
 * a status that has no text here: the document would say "Default Response".
 */
export function withResponses(transform: Transform): Transform {
  return (document) => {
    const transformed = transform(document);
    const { config = {} } = document.route as { readonly config?: Described };
    const { response = {} } = transformed.schema as { response?: Record<string, Response> };
    for (const [status, described] of Object.entries(response)) {
      const headers = config.answerHeaders?.[Number(status)];
      response[status] = {
        ...described,
        ...textOf(status, described, config, document.url),
        ...(headers !== undefined && { headers: headersOf(headers) }),
      };
    }
    const { schema } = transformed;
    if (config.ndjson === undefined) return transformed;
    const content = { 'application/json': { schema: schema['body'] }, [NDJSON]: { schema: config.ndjson.schema } };
    return { ...transformed, schema: { ...schema, body: { content } } };
  };
}

function textOf(status: string, response: Response, { appends = [] }: Described, url: string) {
  if (response.description !== undefined) return {};
  const text = texts[appends.length > 0 ? 'command' : 'query'][status];
  if (text === undefined) throw new Error(`${url}: the response ${status} has no description`);
  // Beside a reference, only `description` is read; in a schema, it would describe the schema too.
  return '$ref' in response ? { description: text } : { 'x-response-description': text };
}

const headersOf = (headers: ResponseHeaders[number]) =>
  Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, { type: 'string', ...header }]));
