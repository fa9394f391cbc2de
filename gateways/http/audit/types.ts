import { z } from 'zod';
import { fullNames, type RecordName } from '../../../schemas/generated/records.ts';
import { auditedTopics } from '../../../schemas/topics.ts';
import { suggestionFor } from '../../shared/problems/suggestion.ts';

/** Records that have audit records. */
const audited = auditedTopics.flatMap(({ records }) => Object.keys(records) as RecordName[]);

/** Full names of audited records by their full and their short names. */
const byName: ReadonlyMap<string, string> = new Map(
  audited.flatMap((name) => [
    [name, fullNames[name]],
    [fullNames[name], fullNames[name]],
  ]),
);

/** Query field: types of events, comma-separated, as the full names of their records. */
export const typesQuery = z
  .string()
  .min(1)
  .max(2_000)
  .transform((text, context) =>
    text.split(',').map((name) => {
      const fullName = byName.get(name);
      if (fullName === undefined)
        context.addIssue({
          code: 'custom',
          message: `No audited event has the type ${name}${suggestionFor(name, audited)}`,
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
