import { z } from 'zod';
import type { ResponseFormat } from '../../../schemas/generated/records.ts';

/** Bound of a schema as JSON text, in UTF-16 units. */
const SCHEMA_CHARS_MAX = 16_000;

/** Schema of `response_format` of the OpenAI API. */
export const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/, 'Expected letters, digits, underscores and dashes, at most 64'),
      description: z.string().max(1_000).nullish(),
      schema: z
        .record(z.string(), z.unknown())
        .refine(
          (schema) => JSON.stringify(schema).length <= SCHEMA_CHARS_MAX,
          `Expected a schema of at most ${SCHEMA_CHARS_MAX} characters of JSON`,
        ),
      strict: z.boolean().nullish(),
    }),
  }),
]);
/** The form that a request asks for. */
export type AskedFormat = z.output<typeof responseFormat>;

/** Returns the form of an answer as commands have it; null for text. */
export function formatOf(asked: AskedFormat | null | undefined): ResponseFormat | null {
  switch (asked?.type) {
    case 'json_object':
      return { kind: 'json_object', name: null, description: null, schema: null, strict: false };
    case 'json_schema': {
      const { name, description, schema, strict } = asked.json_schema;
      return {
        ...{ kind: 'json_schema', name, description: description ?? null, strict: strict === true },
        schema: JSON.stringify(schema),
      };
    }
    default:
      return null;
  }
}
