import { randomUUID } from 'node:crypto';
import type { FastifyContextConfig } from 'fastify';
import { z } from 'zod';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import type { Route } from '../../shared/route/route.ts';
import { type ChangeServices, changed, changeOutcomes, changeProblems, requireChange } from '../change-session.ts';
import { openAiErrors } from '../error-format.ts';
import { itemList, itemPage, itemQuery } from '../item-list.ts';
import { metadata } from '../responses/body.ts';
import { conversationOrNotFound } from '../responses/context.ts';
import { storedItems } from '../responses/items.ts';
import { uuidOf } from '../responses/view.ts';
import { conversationBody, conversationFields, conversationOf, itemFields, newItems } from './body.ts';
import { itemOrNotFound } from './queries.ts';

const configOf = (...more: readonly ProblemCode[]): FastifyContextConfig => ({
  ...{ auth: 'api_key', appends: ['ChangeSession'], problemFormat: openAiErrors },
  problems: ['CONVERSATION_NOT_FOUND', ...changeProblems, ...more],
});
const HIDES =
  'Requires `sessions:change`. A governed record hides it from the read model. The log keeps it, as it keeps every record.';

function updateRoute(app: App, services: ChangeServices): void {
  const operationId = 'updateConversation';
  app.route({
    method: 'POST',
    url: '/v1/conversations/:conversation_id',
    config: configOf(),
    schema: {
      ...{ operationId, tags: ['openai'], summary: 'Replace the metadata of a conversation' },
      description: 'Requires `sessions:change`.',
      params: z.object(conversationFields),
      body: z
        .strictObject({ metadata })
        .meta({ id: 'ConversationUpdate', examples: [{ metadata: { team: 'looms' } }] }),
      response: { 200: conversationBody },
    },
    handler: async (request, reply) => {
      requireChange(request);
      const { tenantId } = callerOf(request);
      const row = await conversationOrNotFound(services, tenantId, uuidOf(request.params.conversation_id));
      const value = request.body.metadata ?? {};
      const { session_id: sessionId, place } = row;
      await changed(request, services, { operationId, sessionId, place, change: 'metadata', value });
      return reply.send(conversationOf({ ...row, metadata: JSON.stringify(value) }));
    },
  });
}

function deleteRoute(app: App, services: ChangeServices): void {
  const operationId = 'deleteConversation';
  app.route({
    method: 'DELETE',
    url: '/v1/conversations/:conversation_id',
    config: configOf(),
    schema: {
      ...{ operationId, tags: ['openai'], summary: 'Delete a conversation' },
      description: `${HIDES} Its responses can still be read.`,
      params: z.object(conversationFields),
      response: {
        200: z
          .object({ id: z.string(), object: z.literal('conversation.deleted'), deleted: z.literal(true) })
          .meta({ id: 'ConversationDeleted' }),
      },
    },
    handler: async (request, reply) => {
      requireChange(request);
      const { tenantId } = callerOf(request);
      const { conversation_id: id } = request.params;
      const { session_id: sessionId, place } = await conversationOrNotFound(services, tenantId, uuidOf(id));
      await changed(request, services, { operationId, sessionId, place, change: 'hidden' });
      return reply.send({ id, object: 'conversation.deleted', deleted: true });
    },
  });
}

function addItemsRoute(app: App, services: ChangeServices): void {
  const operationId = 'createConversationItems';
  app.route({
    method: 'POST',
    url: '/v1/conversations/:conversation_id/items',
    config: configOf(),
    schema: {
      ...{ operationId, tags: ['openai'], summary: 'Add items to a conversation' },
      description:
        'Requires `sessions:change`. At most 20. Policy reads them. The next response of the conversation has them before its input.',
      params: z.object(conversationFields),
      querystring: z.strictObject({ include: itemQuery.include }),
      body: z.strictObject({ items: newItems.min(1) }).meta({
        id: 'ConversationItemsRequest',
        examples: [{ items: [{ role: 'user', content: 'A khipu has cords.' }] }],
      }),
      response: { 200: itemList },
    },
    handler: async (request, reply) => {
      requireChange(request);
      const { tenantId } = callerOf(request);
      const row = await conversationOrNotFound(services, tenantId, uuidOf(request.params.conversation_id));
      const value = storedItems(request.body.items, () => randomUUID());
      const { session_id: sessionId, place } = row;
      await changed(request, services, { operationId, sessionId, place, change: 'items', value });
      return reply.send(itemPage(value, { limit: value.length, order: 'asc' }));
    },
  });
}

function deleteItemRoute(app: App, services: ChangeServices): void {
  const operationId = 'deleteConversationItem';
  app.route({
    method: 'DELETE',
    url: '/v1/conversations/:conversation_id/items/:item_id',
    config: configOf('ITEM_NOT_FOUND'),
    schema: {
      ...{ operationId, tags: ['openai'], summary: 'Delete an item of a conversation', description: HIDES },
      params: z.object(itemFields),
      response: { 200: conversationBody },
    },
    handler: async (request, reply) => {
      requireChange(request);
      const { tenantId } = callerOf(request);
      const { conversation_id: id, item_id: contentId } = request.params;
      const row = await conversationOrNotFound(services, tenantId, uuidOf(id));
      await itemOrNotFound(services, tenantId, id, contentId);
      const { session_id: sessionId, place } = row;
      await changed(request, services, { operationId, sessionId, place, change: 'hidden', contentId });
      return reply.send(conversationOf(row));
    },
  });
}

/** Routes that change a conversation: its metadata and items, and its deletion. */
export const conversationChanges: Route<ChangeServices> = {
  outcomes: changeOutcomes,
  follows: [],
  register(app, services) {
    updateRoute(app, services);
    deleteRoute(app, services);
    addItemsRoute(app, services);
    deleteItemRoute(app, services);
  },
};
