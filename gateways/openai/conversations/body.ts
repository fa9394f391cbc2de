import { z } from 'zod';
import type { ConversationRow } from '../../../projections/responses/queries.ts';
import { secondsOf } from '../list.ts';
import { conversationIdSchema, metadata } from '../responses/body.ts';
import { inputItem } from '../responses/items.ts';
import { conversationIdOf } from '../responses/view.ts';

export const conversationFields = {
  conversation_id: conversationIdSchema.meta({ description: 'Id of a conversation' }),
};
export const itemFields = {
  ...conversationFields,
  item_id: z.string().min(1).max(200).meta({ description: 'Id of an item' }),
};

/** Most items that one request adds. */
const ITEMS_MAX = 20;
export const newItems = z.array(inputItem).max(ITEMS_MAX);

export const createConversationBody = z
  .strictObject({ items: newItems.nullish(), metadata })
  .meta({ id: 'ConversationRequest', examples: [{ metadata: { team: 'textiles' } }] });

export const conversationBody = z
  .object({
    id: z.string().meta({ description: '`conv_` and the id of the session' }),
    object: z.literal('conversation'),
    created_at: z.int(),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Conversation' });

/** Returns a conversation as the OpenAI API has it. */
export const conversationOf = (row: Pick<ConversationRow, 'session_id' | 'created_at' | 'metadata'>) => ({
  ...{ id: conversationIdOf(row.session_id), object: 'conversation' as const },
  ...{
    created_at: secondsOf(row.created_at) ?? 0,
    metadata: JSON.parse(row.metadata ?? '{}') as Record<string, string>,
  },
});
