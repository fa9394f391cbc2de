import { type Condition, readsOf } from '../rows.ts';
import { conversationItemsTable, conversationsTable, responsesTable } from './projection.ts';

export type { ConversationItemRow, ConversationRow, ResponseRow } from './projection.ts';

/** Reads of responses: by the id of their turn, and the newest first. A deleted one has a row. */
export const responseRows = readsOf(responsesTable, 'created_at');
/** Reads of conversations. A deleted one has a row. */
export const conversationRows = readsOf(conversationsTable, 'created_at');
/** Reads of the items of conversations that are not of responses. */
export const conversationItemRows = readsOf(conversationItemsTable, 'created_at');

/** A condition on responses. */
export type ResponseCondition = Condition<typeof responsesTable.columns>;
