import type { ConversationItem } from '../../schemas/contexts/sessions.ts';
import type { SessionChanged } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import {
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  type ProjectedMeta,
  projection,
  type RowChange,
  row,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** Value of a column that holds a fact which is either so or not. */
const YES = 'yes';
const flag = (value: boolean): string | null => (value ? YES : null);

/**
 * One row per turn that was asked for as a response of the OpenAI API. A turn that was not has a row without a
 * `created_at`, which no read shows.
 */
export const responsesTable = foldTable('responses', {
  tenant_id: key('text'),
  turn_id: key('text'),
  session_id: first('text'),
  place: first('text'),
  /** queued, in_progress, completed or failed. */
  status: last('text'),
  /** `yes` for a response that was deleted. */
  hidden: last('text'),
  previous_turn_id: first('text'),
  /** `yes` for a turn of a conversation; so are the two below. */
  in_conversation: first('text'),
  stored: first('text'),
  background: first('text'),
  /** Input items, as JSON. */
  items: first('text'),
  /** Parameters that an answer repeats, as JSON. */
  parameters: first('text'),
  model: first('text'),
  attempt: last('integer'),
  text: last('text'),
  /** Calls that the answer asks for, as JSON. */
  tool_calls: last('text'),
  model_id: last('text'),
  finish_reason: last('text'),
  tokens_prompt: last('bigint'),
  tokens_completion: last('bigint'),
  code: last('text'),
  detail: last('text'),
  created_at: first('timestamptz'),
  ended_at: last('timestamptz'),
});

/** One row per session that was started without a turn: a conversation. */
export const conversationsTable = foldTable('conversations', {
  tenant_id: key('text'),
  session_id: key('text'),
  place: first('text'),
  persona: first('text'),
  model: first('text'),
  /** As JSON. */
  metadata: last('text'),
  hidden: last('text'),
  created_at: first('timestamptz'),
});

/** Items that were added to a conversation beside its responses; and one row per item that is hidden, of any origin. */
export const conversationItemsTable = foldTable('conversation_items', {
  tenant_id: key('text'),
  item_id: key('text'),
  session_id: first('text'),
  /** As JSON; null for an item of a response. */
  item: first('text'),
  /** Place among the items that were added with it. */
  position: first('integer'),
  hidden: last('text'),
  created_at: first('timestamptz'),
});

export type ResponseRow = RowView<typeof responsesTable.columns>;
export type ConversationRow = RowView<typeof conversationsTable.columns>;
export type ConversationItemRow = RowView<typeof conversationItemsTable.columns>;

function changed(
  { sessionId: session_id, change, contentId, value }: SessionChanged,
  { tenantId: tenant_id, timeMs }: ProjectedMeta,
): RowChange[] {
  const created_at = instant(timeMs);
  switch (change) {
    case 'metadata':
      return [row(conversationsTable, { tenant_id, session_id, metadata: value ?? '{}' })];
    case 'items':
      return (JSON.parse(value ?? '[]') as readonly ConversationItem[]).map((item, position) =>
        row(conversationItemsTable, {
          ...{ tenant_id, item_id: item.id, session_id, item: JSON.stringify(item), position, created_at },
        }),
      );
    case 'hidden':
      if (contentId === null) return [row(conversationsTable, { tenant_id, session_id, hidden: YES })];
      return [
        row(responsesTable, { tenant_id, turn_id: contentId, session_id, hidden: YES }),
        row(conversationItemsTable, { tenant_id, item_id: contentId, session_id, hidden: YES, created_at }),
      ];
    default:
      return [];
  }
}

/** Responses and conversations of the OpenAI API, folded from the sessions and turns that they are. */
export const responses = projection({
  name: 'responses',
  version: 1,
  inputs: [topics.sessionsEvents, topics.conversationEvents],
  tables: [responsesTable, conversationsTable, conversationItemsTable],
  apply(record, meta) {
    const { tenantId: tenant_id, place, timeMs } = meta;
    const at = instant(timeMs);
    const turnOf = ({ sessionId: session_id, turnId: turn_id }: { sessionId: string; turnId: string }) => ({
      ...{ tenant_id, session_id, turn_id },
    });
    switch (record.type) {
      case 'SessionStarted': {
        const { sessionId: session_id, turnId, persona, model, metadata } = record.data;
        if (turnId !== null) return [];
        const told = { persona, model, metadata: JSON.stringify(metadata) };
        return [row(conversationsTable, { tenant_id, session_id, place, ...told, created_at: at })];
      }
      case 'SessionChanged':
        return changed(record.data, meta);
      case 'TurnQueued': {
        const { response, model } = record.data;
        if (response === null) return [];
        const { previousTurnId: previous_turn_id, items, parameters } = response;
        return [
          row(responsesTable, {
            ...{ ...turnOf(record.data), place, status: 'queued', previous_turn_id, items, parameters, model },
            in_conversation: flag(response.inConversation),
            stored: flag(response.stored),
            background: flag(response.background),
            created_at: at,
          }),
        ];
      }
      case 'TurnStarted':
        return [row(responsesTable, { ...turnOf(record.data), status: 'in_progress' })];
      case 'TurnCompleted': {
        const { attempt, text, modelId: model_id, finishReason: finish_reason, tokensConsumed } = record.data;
        return [
          row(responsesTable, {
            ...{ ...turnOf(record.data), status: 'completed', attempt, text, model_id, finish_reason },
            tool_calls: JSON.stringify(record.data.toolCalls),
            tokens_prompt: tokensConsumed.prompt,
            tokens_completion: tokensConsumed.completion,
            ended_at: at,
          }),
        ];
      }
      case 'TurnFailed': {
        const { code, detail, refusal } = record.data;
        return [
          row(responsesTable, {
            ...{ ...turnOf(record.data), status: 'failed', code, detail, ended_at: at },
            ...(refusal !== null && {
              finish_reason: 'content_filter',
              tokens_prompt: refusal.tokensConsumed?.prompt ?? 0,
              tokens_completion: refusal.tokensConsumed?.completion ?? 0,
            }),
          }),
        ];
      }
      case 'SessionRefused':
      case 'SessionChangeRefused':
      case 'ConversationOpened':
      case 'TurnRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});
