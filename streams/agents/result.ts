/** The result of a run that has a schema. */

import type { SchemaProblems } from '../../schemas/contexts/agents.ts';

const DETAIL_CHARS_MAX = 1_000;
const PROBLEMS_MAX = 5;

/** Models put JSON into a code block, whatever they are asked for. */
const unfenced = (text: string): string => /^```(?:json)?\s*\n([\s\S]*?)\n?```$/.exec(text.trim())?.[1] ?? text.trim();

/** Returns the result in an answer as JSON, or why there is none. Never throws. */
export function resultIn(
  text: string,
  schema: string,
  problemsOf: SchemaProblems,
): { readonly json: string } | { readonly detail: string } {
  const json = unfenced(text);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { detail: 'The answer is not JSON.' };
  }
  const problems = problemsOf(schema, value);
  if (problems.length === 0) return { json };
  return { detail: problems.slice(0, PROBLEMS_MAX).join('; ').slice(0, DETAIL_CHARS_MAX) };
}

/** Returns the message to a model whose result does not fit. */
export const repairMessage = (detail: string): string =>
  `Your answer does not fit the JSON Schema of the result: ${detail} Answer again, with nothing but the corrected JSON.`;

/** Returns the message with the schema for a model whose provider cannot hold answers to it. */
export const schemaMessage = (schema: string): string =>
  `When you are done, answer with nothing but JSON that fits this JSON Schema:\n${schema}`;
