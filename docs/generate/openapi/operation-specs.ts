import type { OperationField, OperationSpec } from '../../../infra/client/operation.ts';
import type { ApiDocument, ApiParameter, ApiSchema } from './document.ts';
import { bodyOf, type Operation, operationsOf, resolved } from './operations.ts';

const isText = ({ type }: ApiSchema): boolean => type === 'string';

function kindOf(schema: ApiSchema): OperationField['kind'] {
  if (isText(schema)) return 'text';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'boolean') return 'boolean';
  if (schema.anyOf?.some((each) => isText(each) && each.enum === undefined)) return 'text_or_json';
  return schema.type === 'array' && schema.items !== undefined && isText(schema.items) ? 'texts' : 'json';
}

const choicesOf = ({ enum: values, const: only }: ApiSchema): readonly string[] | undefined =>
  only === undefined ? values?.map(String) : [String(only)];

/** Returns the schema of a value that is not null, and whether null is allowed beside it. */
function withoutNull(document: ApiDocument, schema: ApiSchema): readonly [schema: ApiSchema, nullable: boolean] {
  const others = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = others;
  if (only === undefined || others.length > 1 || others.length === schema.anyOf?.length) return [schema, false];
  return [resolved(document, only), true];
}

function fieldOf(document: ApiDocument, name: string, given: ApiSchema, required: boolean): OperationField {
  const whole = resolved(document, given);
  const [schema, nullable] = withoutNull(document, whole);
  const choices = choicesOf(schema);
  const description = given.description ?? whole.description ?? '';
  return {
    ...{ name, description, required, kind: kindOf(schema) },
    ...(nullable && { nullable }),
    ...(choices && { choices }),
  };
}

/** Joins the fields of the variants of a body: a field is required when every variant requires it. */
function joined(variants: readonly (readonly OperationField[])[]): readonly OperationField[] {
  const byName = Map.groupBy(variants.flat(), ({ name }) => name);
  return [...byName.values()].flatMap((found) => {
    const [first] = found;
    if (first === undefined) return [];
    const choices = [...new Set(found.flatMap((each) => each.choices ?? []))];
    const required = found.length === variants.length && found.every((each) => each.required);
    return [{ ...first, required, ...(choices.length > 0 && { choices }) }];
  });
}

function bodyFields(document: ApiDocument, operation: Operation): readonly OperationField[] {
  const body = bodyOf(operation);
  if (body === undefined) return [];
  const schema = resolved(document, body);
  const variants = (schema.oneOf ?? [schema]).map(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, each]) => fieldOf(document, name, each, required.includes(name))),
  );
  return joined(variants);
}

const queryField = (document: ApiDocument, { name, schema, required, description }: ApiParameter): OperationField =>
  fieldOf(document, name, { ...schema, ...(description && { description }) }, required === true);

function specOf(document: ApiDocument, operation: Operation): OperationSpec {
  const { method, path, summary, parameters = [] } = operation;
  return {
    method,
    path,
    summary,
    query: parameters.filter((each) => each.in === 'query').map((each) => queryField(document, each)),
    body: bodyFields(document, operation),
    ifMatch: parameters.some((each) => each.in === 'header' && each.name === 'if-match'),
  };
}

/** Returns `infra/client/generated/operations.ts`: what the command line needs to know of each operation. */
export function operationSpecs(document: ApiDocument): string {
  const specs = Object.fromEntries(operationsOf(document).map((each) => [each.operationId, specOf(document, each)]));
  return [
    '/** Generated from docs/reference/openapi.json by `npm run docs:pages`. Do not edit. */',
    "import type { OperationSpec } from '../operation.ts';",
    '',
    `export const operations = ${JSON.stringify(specs, null, 2)} as const satisfies Readonly<Record<string, OperationSpec>>;`,
    '',
  ].join('\n');
}
