import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { suggestionFor } from './suggestion.ts';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** Fields that an object of a request may have; none for any other schema. */
const fieldsOf = (schema: unknown): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape as object) : [];

/** Returns `; such as guide, analyst` for a schema with examples in its metadata. */
function examplesOf(schema: unknown): string {
  const { examples } = (schema instanceof z.ZodType ? schema.meta() : undefined) ?? {};
  const shown = Array.isArray(examples) ? examples.filter((each) => typeof each === 'string') : [];
  return shown.length === 0 ? '' : `; such as ${shown.join(', ')}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items', set: ' items' };

/**
 * Returns the text of an invalid field, for the person who sent it. For unknown fields it has one line each. Undefined
 * for other issues, which keep their own text.
 */
export function describeIssue(issue: Issue): string | undefined {
  const name = issue.path?.at(-1) === undefined ? 'the value' : String(issue.path.at(-1));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `Unknown field${suggestionFor(key, fieldsOf(issue.inst))}`).join('\n');
    case 'invalid_type':
      return issue.input === undefined
        ? `${name} is required${examplesOf(issue.inst)}`
        : `${name} must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${name} must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin in units
        ? `${name} must not be empty`
        : `${name} must ${verbOf(issue.origin)} at least ${issue.minimum}${units[issue.origin] ?? ''}`;
    case 'too_big':
      return `${name} must ${verbOf(issue.origin)} at most ${issue.maximum}${units[issue.origin] ?? ''}`;
    case 'invalid_format':
      return issue.format === 'uuid' ? `${name} must be a UUID` : undefined;
    default:
      return undefined;
  }
}

const verbOf = (origin: string): string => (origin in units ? 'have' : 'be');

/**
 * Returns the validator of a part of a request, for Fastify. Its issues have the texts of `describeIssue`, where the schema
 * has none of its own.
 */
export const requestValidator: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (value) => {
    const { error, data } = schema.safeParse(value, { error: describeIssue });
    if (error === undefined) return { value: data };
    return {
      error: error.issues.map(({ path, code: keyword, message, ...params }) => {
        const instancePath = `/${path.join('/')}`;
        return { keyword, instancePath, schemaPath: `#${instancePath}/${keyword}`, message, params };
      }),
    };
  };
