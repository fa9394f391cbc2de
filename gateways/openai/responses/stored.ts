import { z } from 'zod';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { type ChangeServices, changed, changeOutcomes, changeProblems, requireChange } from '../change-session.ts';
import { openAiErrors } from '../error-format.ts';
import { itemList, itemPage, itemQuery } from '../item-list.ts';
import { responseOrNotFound } from './context.ts';
import { responseFields } from './routes.ts';
import { uuidOf, viewOfRow } from './view.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel'>>();

/** Route that lists the items of the input of a response, without those that it continues. */
export const listInputItems = endpoint({
  operationId: 'listResponseInputItems',
  ...{ tag: 'openai', views: ['responses'], problemFormat: openAiErrors, problems: ['RESPONSE_NOT_FOUND'] },
  summary: 'List the input items of a response',
  url: '/v1/responses/:response_id/input_items',
  params: responseFields,
  query: itemQuery,
  response: itemList,
  answer: async ({ caller, params, query, services }) => {
    const row = await responseOrNotFound(services, caller.tenantId, uuidOf(params.response_id));
    return itemPage(viewOfRow(row).items, query);
  },
});

function register(app: App, services: ChangeServices): void {
  app.route({
    method: 'DELETE',
    url: '/v1/responses/:response_id',
    config: {
      ...{ auth: 'api_key', appends: ['ChangeSession'], problemFormat: openAiErrors },
      problems: ['RESPONSE_NOT_FOUND', ...changeProblems],
    },
    schema: {
      operationId: 'deleteResponse',
      tags: ['openai'],
      summary: 'Delete a response',
      description:
        'Requires `sessions:change`. A governed record hides it from the read model: it can be neither read nor continued any more. The log keeps it, as it keeps every record. In a conversation, its items stay.',
      params: z.object(responseFields),
      response: {
        200: z
          .object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) })
          .meta({ id: 'ResponseDeleted' }),
      },
    },
    handler: async (request, reply) => {
      requireChange(request);
      const { response_id: id } = request.params;
      const row = await responseOrNotFound(services, callerOf(request).tenantId, uuidOf(id));
      await changed(request, services, {
        ...{ operationId: 'deleteResponse', sessionId: row.session_id ?? '', place: row.place },
        ...{ change: 'hidden', contentId: row.turn_id },
      });
      return reply.send({ id, object: 'response', deleted: true });
    },
  });
}

/** Route `DELETE /v1/responses/{response_id}`. */
export const deleteResponse: Route<ChangeServices> = { outcomes: changeOutcomes, follows: [], register };
