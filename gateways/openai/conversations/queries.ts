import type { z } from 'zod';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { openAiErrors } from '../error-format.ts';
import { itemList, itemPage, itemQuery } from '../item-list.ts';
import { conversationItems, conversationOrNotFound } from '../responses/context.ts';
import { type StoredItem, shownItem } from '../responses/items.ts';
import { uuidOf } from '../responses/view.ts';
import { conversationBody, conversationFields, conversationOf, itemFields } from './body.ts';

type Reads = Pick<GatewayServices, 'readModel'>;
const { endpoint } = declare<Reads>();

const common = { tag: 'openai', views: ['responses'], problemFormat: openAiErrors } as const;

/** Resolves with the items of a conversation, oldest first. Rejects with Problem CONVERSATION_NOT_FOUND. */
export async function itemsOrNotFound(services: Reads, tenantId: string, id: string): Promise<StoredItem[]> {
  const { session_id: sessionId } = await conversationOrNotFound(services, tenantId, uuidOf(id));
  return conversationItems(services, tenantId, sessionId);
}

/** Resolves with an item of a conversation. Rejects with Problem ITEM_NOT_FOUND. */
export async function itemOrNotFound(
  services: Reads,
  tenantId: string,
  id: string,
  itemId: string,
): Promise<StoredItem> {
  const item = (await itemsOrNotFound(services, tenantId, id)).find((each) => each.id === itemId);
  if (item === undefined) throw new Problem('ITEM_NOT_FOUND', `The conversation has no item ${itemId}`);
  return item;
}

/** Route that shows a conversation. */
export const getConversation = endpoint({
  ...common,
  operationId: 'getConversation',
  summary: 'Get a conversation, without its items',
  url: '/v1/conversations/:conversation_id',
  params: conversationFields,
  response: conversationBody,
  problems: ['CONVERSATION_NOT_FOUND'],
  answer: async ({ caller, params, services }) =>
    conversationOf(await conversationOrNotFound(services, caller.tenantId, uuidOf(params.conversation_id))),
});

/** Route that lists the items of a conversation. */
export const listConversationItems = endpoint({
  ...common,
  operationId: 'listConversationItems',
  summary: 'List the items of a conversation, with input and output of its responses',
  url: '/v1/conversations/:conversation_id/items',
  params: conversationFields,
  query: itemQuery,
  response: itemList,
  problems: ['CONVERSATION_NOT_FOUND'],
  answer: async ({ caller, params, query, services }) =>
    itemPage(await itemsOrNotFound(services, caller.tenantId, params.conversation_id), query),
});

/** Route that shows an item of a conversation. */
export const getConversationItem = endpoint({
  ...common,
  operationId: 'getConversationItem',
  summary: 'Get an item of a conversation',
  url: '/v1/conversations/:conversation_id/items/:item_id',
  params: itemFields,
  query: { include: itemQuery.include },
  response: shownItem,
  problems: ['CONVERSATION_NOT_FOUND', 'ITEM_NOT_FOUND'],
  answer: async ({ caller, params, services }) =>
    (await itemOrNotFound(services, caller.tenantId, params.conversation_id, params.item_id)) as z.output<
      typeof shownItem
    >,
});
