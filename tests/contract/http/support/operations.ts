import type { ApiClient } from '../../../support/api-client.ts';

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly takes: readonly ('api_key' | 'session_token' | 'stream_ticket')[];
  /** Commands that the operation may append; none for one that appends nothing. */
  readonly appends: readonly string[];
  /** Names of its request headers. */
  readonly headers: readonly string[];
  /** Names of parameters of its path that are UUIDs. */
  readonly uuids: readonly string[];
  readonly hasBody: boolean;
  /** True for an operation of the OpenAI API: its clients know no `Idempotency-Key`, no 202, and another envelope of errors. */
  readonly isForeign: boolean;
  /** First example of its body; undefined where it has none. */
  readonly example: Readonly<Record<string, unknown>> | undefined;
  /** Fields of the body that take any text. */
  readonly textFields: readonly string[];
  readonly responses: Readonly<Record<string, DescribedResponse>>;
  readonly statuses: readonly string[];
}

/** A response of an operation in the OpenAPI document. */
export interface DescribedResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
}

interface BodySchema {
  readonly $ref?: string;
  readonly examples?: readonly Readonly<Record<string, unknown>>[];
  readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Described {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly 'x-appends'?: readonly string[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly schema: { readonly format?: string };
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, BodySchema>> };
}

function bodyOf(
  { requestBody }: Described,
  schemas: Readonly<Record<string, BodySchema>>,
): Pick<Operation, 'example' | 'textFields'> {
  const schema = requestBody?.content['application/json']?.schema;
  const name = schema?.$ref?.slice('#/components/schemas/'.length);
  const { examples = [], properties = {} } = (name === undefined ? schema : schemas[name]) ?? {};
  const isText = ({ type, enum: listed, pattern, format }: Readonly<Record<string, unknown>>): boolean =>
    type === 'string' && listed === undefined && pattern === undefined && format === undefined;
  const textFields = Object.keys(properties).filter((field) => isText(properties[field] ?? {}));
  return { example: examples[0], textFields };
}

/** Paths of the operations that are tried: a copy of the tree with one more context tries that of the context alone. */
const TRIED = new RegExp(process.env['TRIED_PATHS'] ?? '');

/** Returns the operations that are tried. Default: all. */
export const tried = (operations: readonly Operation[]): readonly Operation[] =>
  operations.filter(({ path }) => TRIED.test(path));

/** Returns every operation that a gateway describes. */
export async function operationsOf(api: ApiClient): Promise<readonly Operation[]> {
  const { body } = await api.call<Document>('GET', '/openapi.json', { token: null });
  const schemas = body.components?.schemas ?? {};
  return Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      operationId: described.operationId,
      takes: (described.security ?? []).flatMap((each) => Object.keys(each)) as Operation['takes'],
      appends: described['x-appends'] ?? [],
      headers: (described.parameters ?? []).flatMap((each) => (each.in === 'header' ? [each.name] : [])),
      uuids: (described.parameters ?? []).flatMap(({ in: place, name, schema }) =>
        place === 'path' && schema.format === 'uuid' ? [name] : [],
      ),
      hasBody: described.requestBody !== undefined,
      isForeign: described.tags?.includes('openai') === true,
      ...bodyOf(described, schemas),
      responses: described.responses,
      statuses: Object.keys(described.responses),
    })),
  );
}
