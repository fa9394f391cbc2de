import { type SlmCall, type SlmFormat, SlmProviderError, type SlmTool } from '../provider.ts';
import { unsupportedIn } from './grammar-schema.ts';

/** Most calls of one answer: a small model that may go on repeats itself. */
const CALLS_MAX = 4;

type Schema = Readonly<Record<string, unknown>>;

/** How an answer is held to calls of tools. */
export interface CallForm {
  /** JSON Schema, as JSON text, of `{"tool_calls": [{"name", "arguments"}]}`, or of that and the asked form. */
  readonly schema: string;
  /** True where the answer may also be a text, which does not begin with a bracket. */
  readonly orText: boolean;
}

/**
 * Returns the form of the answer to a call with tools; null where it asks for none. Throws SLM_TOOLS_UNSUPPORTED when the
 * arguments of a tool have no grammar, SLM_FORMAT_UNSUPPORTED when the asked form has none.
 */
export function callFormOf({ tools, toolChoice = 'auto', parallelToolCalls = true, format }: SlmCall): CallForm | null {
  if (tools === undefined || toolChoice === 'none') return null;
  const allowed = typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const definitions: Record<string, unknown> = {};
  const items = { oneOf: allowed.map((tool, at) => callSchema(tool, `tool${at}_`, definitions)) };
  const most = typeof toolChoice === 'object' || !parallelToolCalls ? 1 : CALLS_MAX;
  const calls = objectOf({ tool_calls: { type: 'array', items, minItems: 1, maxItems: most } });
  const isForced = toolChoice !== 'auto';
  const form = isForced || format === undefined ? null : formSchema(format, definitions);
  const schema = form === null ? calls : { anyOf: [calls, form] };
  return { schema: JSON.stringify({ ...schema, $defs: definitions }), orText: !isForced && format === undefined };
}

const objectOf = (properties: Schema): Schema => ({
  ...{ type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
});

function callSchema(tool: SlmTool, prefix: string, definitions: Record<string, unknown>): Schema {
  const parameters: unknown = JSON.parse(tool.parameters);
  const unsupported = unsupportedIn(parameters);
  if (unsupported !== null)
    throw new SlmProviderError('SLM_TOOLS_UNSUPPORTED', `no grammar for the arguments of ${tool.name}: ${unsupported}`);
  return objectOf({ name: { const: tool.name }, arguments: hoisted(parameters as Schema, prefix, definitions) });
}

function formSchema(format: SlmFormat, definitions: Record<string, unknown>): Schema {
  if (format.kind === 'json_object') return { type: 'object', additionalProperties: true };
  const schema: unknown = JSON.parse(format.schema);
  const unsupported = unsupportedIn(schema);
  if (unsupported !== null)
    throw new SlmProviderError('SLM_FORMAT_UNSUPPORTED', `no grammar for the JSON schema: ${unsupported}`);
  return hoisted(schema as Schema, 'answer_', definitions);
}

/** Moves the definitions of a schema to those of the whole, under names that begin with `prefix`. */
function hoisted({ $defs, ...schema }: Schema, prefix: string, definitions: Record<string, unknown>): Schema {
  const renamed = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(renamed);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([keyword, value]) => [
        keyword,
        keyword === '$ref' && typeof value === 'string'
          ? value.replace('#/$defs/', `#/$defs/${prefix}`)
          : renamed(value),
      ]),
    );
  };
  for (const [name, part] of Object.entries(($defs ?? {}) as Schema)) definitions[`${prefix}${name}`] = renamed(part);
  return renamed(schema) as Schema;
}

/**
 * Returns a grammar of either the JSON of `grammar` or a text: one that begins with neither white space nor `{`, so that
 * the first character says which.
 *
 * @param grammar GBNF whose rule `root` is the JSON.
 */
export const jsonOrText = (grammar: string): string =>
  `root ::= json-answer | text-answer\ntext-answer ::= [^{ \\t\\r\\n] [\\x00-\\U0010FFFF]*\n${grammar.replace(/^root ::=/m, 'json-answer ::=')}`;
