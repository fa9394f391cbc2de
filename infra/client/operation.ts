/** A parameter of an operation: a query parameter, or a field of the body. */
export interface OperationField {
  /** Name on the wire, in snake_case. */
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  /** `texts`: a list of texts. `text_or_json`: a text, or a structure in its place. `json`: any other structure. */
  readonly kind: 'text' | 'number' | 'boolean' | 'texts' | 'text_or_json' | 'json';
  /** True when the value may be null. */
  readonly nullable?: boolean;
  /** The accepted values; undefined where any value may be accepted. */
  readonly choices?: readonly string[];
}

/** An operation of the HTTP API, as the OpenAPI document declares it. */
export interface OperationSpec {
  readonly method: string;
  /** Such as `/v1/roles/{role}`. */
  readonly path: string;
  readonly summary: string;
  readonly query: readonly OperationField[];
  readonly body: readonly OperationField[];
  /** True when the operation takes the version to change in `If-Match`. */
  readonly ifMatch: boolean;
}

/** Returns the names in a path, in order: `/v1/roles/{role}` has `role`. */
export const pathNames = ({ path }: Pick<OperationSpec, 'path'>): readonly string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
