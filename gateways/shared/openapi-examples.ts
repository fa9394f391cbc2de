import { type Sample, samples } from './openapi-samples.ts';

/** The members of a JSON schema that an example depends on. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
}
type Contents = Readonly<Record<string, Content>>;
interface Operation {
  readonly requestBody?: { readonly content?: Contents };
  readonly responses?: Readonly<Record<string, { readonly content?: Contents }>>;
}
interface Described {
  readonly paths?: unknown;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const JSON_TYPE = 'application/json';
const DEPTH_MAX = 12;

/** A field for which neither its schema nor the samples have a value. */
export class NoSample extends Error {
  override readonly name = 'NoSample';
}

const typeOf = (value: Sample): string => {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

/** Composes examples of the schemas of a document. */
class Composer {
  readonly #schemas: Readonly<Record<string, Schema>>;

  constructor(document: Described) {
    this.#schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, Schema>>;
  }

  /** Returns an example of a schema. Throws NoSample for a field without a value. */
  exampleOf(schema: Schema, name: string, depth = 0): unknown {
    if (depth > DEPTH_MAX) throw new NoSample(`${name} is too deep`);
    const own = schema.examples?.[0];
    if (own !== undefined) return own;
    if (schema.$ref !== undefined)
      return this.exampleOf(this.#schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, name, depth + 1);
    const sample = samples[name]?.find((value) => this.#fits(schema, value));
    if (sample !== undefined) return sample;
    return this.#byType(schema, name, depth);
  }

  /** Returns true when a schema accepts a value of this type. A value that is listed must be one of the list. */
  #fits({ type, anyOf, oneOf, enum: values, const: only }: Schema, value: Sample): boolean {
    const variants = anyOf ?? oneOf;
    if (variants !== undefined) return variants.some((variant) => !variant.$ref && this.#fits(variant, value));
    if (only !== undefined) return false;
    if (values !== undefined) return values.includes(value);
    const types = [type ?? []].flat();
    return types.includes(typeOf(value)) || (typeof value === 'number' && types.includes('number'));
  }

  #byType(schema: Schema, name: string, depth: number): unknown {
    const { type, properties, items, minimum = 0 } = schema;
    if (schema.const !== undefined) return schema.const;
    if (schema.enum !== undefined) return schema.enum[0];
    const [variant] = (schema.anyOf ?? schema.oneOf ?? []).filter((each) => each.type !== 'null');
    if (variant !== undefined) return this.exampleOf(variant, name, depth + 1);
    if (properties !== undefined)
      return Object.fromEntries(
        Object.entries(properties).map(([field, each]) => [field, this.exampleOf(each, field, depth + 1)]),
      );
    const [first] = [type ?? []].flat().filter((each) => each !== 'null');
    if (first === 'array') return items === undefined ? [] : [this.exampleOf(items, name, depth + 1)];
    if (first === 'integer' || first === 'number') return Math.max(1, minimum);
    if (first === 'boolean') return schema.default ?? true;
    if (first === 'object' || first === undefined) return type === 'null' ? null : {};
    throw new NoSample(`${name} has no sample`);
  }
}

const isSuccess = (status: string): boolean => status.startsWith('2');

/** Returns the contents with an example of the JSON one, unless its schema has examples of its own. */
function withExample(composer: Composer, contents: Contents | undefined, name: string): Contents | undefined {
  const json = contents?.[JSON_TYPE];
  if (json?.schema === undefined || json.example !== undefined) return contents;
  try {
    return { ...contents, [JSON_TYPE]: { ...json, example: composer.exampleOf(json.schema, name) } };
  } catch (error) {
    // Its absence fails a test, not the start of a gateway.
    if (error instanceof NoSample) return contents;
    throw error;
  }
}

/**
 * Returns the document with an example of each JSON body of a request and of a success: that of its schema, else one that is
 * composed of the values of its fields. A body with a field that has no value gets none.
 */
export function withExamples<Document extends Described>(document: Document): Document {
  const composer = new Composer(document);
  const ofOperation = ({ requestBody, responses = {}, ...rest }: Operation): Operation => ({
    ...rest,
    ...(requestBody && {
      requestBody: { ...requestBody, content: withExample(composer, requestBody.content, '') ?? {} },
    }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, response]) => {
        const content = isSuccess(status) ? withExample(composer, response.content, '') : response.content;
        return [status, { ...response, ...(content && { content }) }];
      }),
    ),
  });
  const paths = Object.fromEntries(
    Object.entries((document.paths ?? {}) as Record<string, Record<string, Operation>>).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, ofOperation(operation)])),
    ]),
  );
  return { ...document, paths };
}
