import { z } from 'zod';
import { auditedNames, auditedRecords } from '../../../schemas/contexts/jobs/audit-export.ts';
import { suggestionFor } from '../../shared/problems/suggestion.ts';

/** Query field: types of events, comma-separated, as the full names of their records. */
export const typesQuery = z
  .string()
  .min(1)
  .max(2_000)
  .transform((text, context) =>
    text.split(',').map((name) => {
      const fullName = auditedNames.get(name);
      if (fullName === undefined)
        context.addIssue({
          code: 'custom',
          message: `No audited event has the type ${name}${suggestionFor(name, auditedRecords)}`,
        });
      return fullName ?? name;
    }),
  )
  .optional()
  .meta({
    description:
      'Only records of events of these types, comma-separated: `TurnCompleted` or `khipu.conversation.TurnCompleted`',
    examples: ['TurnStarted,TurnCompleted,TurnFailed,TurnRefused'],
  });
