import type { ApiDocument, ApiOperation, ApiSchema } from './document.ts';

/** An operation with its method and path. */
export interface Operation extends ApiOperation {
  /** Upper case, such as `POST`. */
  readonly method: string;
  /** Such as `/v1/sessions/{session_id}`. */
  readonly path: string;
}

/** Returns every operation, in the order of the document. */
export const operationsOf = ({ paths }: ApiDocument): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );

/** Returns the name of the component that a schema refers to; undefined for an inline schema. */
export const nameOf = ({ $ref }: ApiSchema): string | undefined => $ref?.slice('#/components/schemas/'.length);

/** Returns the schema, with a reference resolved. Throws when the document does not have the component. */
export function resolved(document: ApiDocument, schema: ApiSchema): ApiSchema {
  const name = nameOf(schema);
  if (name === undefined) return schema;
  const found = document.components.schemas[name];
  if (found === undefined) throw new Error(`the OpenAPI document has no schema ${name}`);
  return found;
}

/** Returns the JSON schema of an operation's body; undefined without one. */
export const bodyOf = ({ requestBody }: ApiOperation): ApiSchema | undefined =>
  requestBody?.content['application/json']?.schema;

/** Returns the codes of the problems that an operation documents, by status. */
export function problemsOf({ responses }: ApiOperation): ReadonlyMap<string, readonly string[]> {
  const problems = Object.entries(responses).map(([status, { description }]): [string, readonly string[]] => [
    status,
    [...description.matchAll(/`([A-Z][A-Z_]+)`: /g)].map(([, code = '']) => code),
  ]);
  return new Map(problems.filter(([status, codes]) => Number(status) >= 400 && codes.length > 0));
}
