import { z } from 'zod';
import {
  TURN_RECALL_CHARS_MAX,
  TURN_RECALL_DEFAULT,
  TURN_RECALL_MAX,
  TURN_RECALL_SPACES_MAX,
} from '../../schemas/contexts/memory/turn-recall.ts';
import { MEMORY_SPACE, SHARED_SPACE, sessionSpace } from '../../schemas/contexts/memory.ts';
import type { TurnRecall } from '../../schemas/generated/records.ts';

/** What a turn recalls before its prompt is answered. */
export const turnRecall = z
  .strictObject({
    spaces: z
      .array(z.string().regex(MEMORY_SPACE, 'Expected lower-case letters, digits, dots, dashes and underscores'))
      .min(1)
      .max(TURN_RECALL_SPACES_MAX)
      .default([SHARED_SPACE])
      .meta({
        description: 'Spaces of memories; `session` stands for that of the session. Each takes `memory:recall:<space>`',
        examples: [[SHARED_SPACE]],
      }),
    k: z
      .int()
      .min(1)
      .max(TURN_RECALL_MAX)
      .default(TURN_RECALL_DEFAULT)
      .meta({ description: `Most memories; those that fit into ${TURN_RECALL_CHARS_MAX} characters`, examples: [3] }),
    as_of: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Only what was remembered by this time, RFC 3339; the time of the turn when omitted' }),
  })
  .meta({
    id: 'TurnRecall',
    description:
      'Memories that the model is shown with the prompt. Rules see their texts and labels; the answer names them by id and digest. Such a turn is not queued behind another one',
  });
/** Memories as the body of a turn names them. */
export type TurnRecallBody = z.infer<typeof turnRecall>;

/** Returns what a body asks to recall: `session` is the space of the session. Null for a body that asks for nothing. */
export function recallIn(
  { recall }: { readonly recall?: TurnRecallBody | null | undefined },
  sessionId: string,
): TurnRecall | null {
  if (recall === undefined || recall === null) return null;
  const spaces = recall.spaces.map((space) => (space === 'session' ? sessionSpace(sessionId) : space));
  const asOf = recall.as_of === undefined ? null : Date.parse(recall.as_of);
  return { spaces: [...new Set(spaces)], k: recall.k, asOf, answer: null };
}
