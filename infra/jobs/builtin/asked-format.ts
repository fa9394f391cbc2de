import type { JobResponseFormat } from '../../../schemas/contexts/jobs.ts';
import type { AskedFormat } from '../../models/openai/response-format.ts';

/** Returns the form of an answer as a request of a job has it; nothing for text. */
export function askedFormat(asked: AskedFormat | null | undefined): { readonly responseFormat?: JobResponseFormat } {
  switch (asked?.type) {
    case 'json_object':
      return { responseFormat: { kind: 'json_object' } };
    case 'json_schema': {
      const { name, description, schema, strict } = asked.json_schema;
      return {
        responseFormat: {
          ...{ kind: 'json_schema', name, schema: JSON.stringify(schema) },
          ...(typeof description === 'string' && { description }),
          ...(strict === true && { strict }),
        },
      };
    }
    default:
      return {};
  }
}
