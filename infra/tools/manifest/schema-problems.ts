import type { SchemaProblems } from '../../../schemas/contexts/agents.ts';
import { type Check, checkOf, schemaProblem } from './json-schema.ts';

/** Schemas whose checks are kept: those of the tools of many runs. */
const CHECKS_MAX = 512;

/**
 * Returns a checker of values by JSON Schemas. It never throws: a schema that is not used is a problem of every value. A
 * schema is compiled once, as long as at most `checksMax` others are used.
 */
export function schemaProblemsOf(checksMax: number = CHECKS_MAX): SchemaProblems {
  const known = new Map<string, Check | string>();
  const made = (text: string): Check | string => {
    try {
      const schema: unknown = JSON.parse(text);
      const problem = schemaProblem(schema);
      return problem === null ? checkOf(schema as object) : `the schema is not used: ${problem}`;
    } catch {
      return 'the schema is not JSON';
    }
  };
  return (text, value) => {
    const check = known.get(text) ?? made(text);
    known.delete(text);
    known.set(text, check);
    const [oldest] = known.keys();
    if (known.size > checksMax && oldest !== undefined) known.delete(oldest);
    if (typeof check === 'string') return [check];
    return check(value).map(({ instancePath, message = 'does not fit', params }) => {
      const { additionalProperty } = params as { readonly additionalProperty?: string };
      const named = additionalProperty === undefined ? '' : `: ${additionalProperty}`;
      return `${instancePath === '' ? 'the value' : instancePath} ${message}${named}`;
    });
  };
}
