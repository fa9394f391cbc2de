import { z } from 'zod';
import type { ModelTool, ModelToolCall, Sampling } from '../../schemas/generated/records.ts';

const TOOLS_MAX = 128;
/** Bound of the schema of arguments, and of the arguments of a call, as JSON text, in UTF-16 units. */
const SCHEMA_CHARS_MAX = 16_000;
const ARGUMENTS_CHARS_MAX = 100_000;

/** Schema of the name of a tool. */
export const toolName = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'Expected letters, digits, underscores and dashes, at most 64')
  .meta({ examples: ['get_weather'] });

/** Fields of a tool that both APIs have. `strict` is taken: an adapter that can holds every call to its schema. */
export const toolFields = {
  name: toolName.meta({ description: 'Name that calls have' }),
  description: z.string().max(4_000).nullish().meta({ description: 'What it does, for the model; policy reads it' }),
  parameters: z
    .record(z.string(), z.unknown())
    .refine(
      (schema) => JSON.stringify(schema).length <= SCHEMA_CHARS_MAX,
      `Expected a schema of at most ${SCHEMA_CHARS_MAX} characters of JSON`,
    )
    .nullish()
    .meta({ description: 'JSON Schema of the arguments; none when omitted' }),
  strict: z.boolean().nullish(),
};

/** A tool as both APIs have it. */
export interface AskedTool {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A choice of tools, or the name of one. */
export type AskedChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** Schema of a list of tools. */
export const toolList = <T extends z.ZodType>(tool: T) =>
  z
    .array(tool)
    .max(TOOLS_MAX)
    .nullish()
    .meta({ description: `Tools that the answer may ask for, at most ${TOOLS_MAX}` });

/** Schema of the arguments of a call. */
export const argumentsText = z
  .string()
  .max(ARGUMENTS_CHARS_MAX)
  .meta({ description: 'The arguments, as JSON text', examples: ['{"city":"Cusco"}'] });

const NO_ARGUMENTS = { type: 'object', properties: {}, additionalProperties: false };

/** Returns the tools of a command. */
export function askedTools(
  tools: readonly AskedTool[],
  choice: AskedChoice | null | undefined,
  parallel: boolean | null | undefined,
): Pick<Sampling, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  return {
    tools: tools.map(
      ({ name, description, parameters }): ModelTool => ({
        ...{ name, description: description ?? '', parameters: JSON.stringify(parameters ?? NO_ARGUMENTS) },
      }),
    ),
    toolChoice: typeof choice === 'object' && choice !== null ? `function:${choice.name}` : (choice ?? null),
    parallelToolCalls: parallel !== false,
  };
}

/** Returns why tools and a choice do not fit together; null when they do. */
export function toolsFault(
  tools: readonly AskedTool[],
  choice: AskedChoice | null | undefined,
): { readonly path: string; readonly message: string } | null {
  const names = tools.map(({ name }) => name);
  if (new Set(names).size < names.length) return { path: 'tools', message: 'Expected a different name for each tool' };
  if (typeof choice === 'object' && choice !== null && !names.includes(choice.name))
    return { path: 'tool_choice', message: `Expected the name of one of the tools, not ${choice.name}` };
  if (choice === 'required' && names.length === 0)
    return { path: 'tool_choice', message: 'Expected tools where one is required' };
  return null;
}

/** A message with the calls that it asks for, and the call that it answers. */
interface Linked {
  readonly asks: readonly string[];
  readonly answers: string | null;
}

/** Returns the index of the first message that is the result of a call which no earlier message asks for; -1 without one. */
export function unaskedResult(messages: readonly Linked[]): number {
  const asked = new Set<string>();
  return messages.findIndex(({ asks, answers }) => {
    for (const id of asks) asked.add(id);
    return answers !== null && !asked.has(answers);
  });
}

/** Returns a call as chat completions have it. */
export const callBody = ({ id, name, arguments: given }: ModelToolCall) => ({
  ...{ id, type: 'function' as const, function: { name, arguments: given } },
});
