import { governs } from '../../../schemas/capabilities.ts';
import { PERSONA_DEFAULT } from '../../../schemas/contexts/personas/built-in.ts';
import { continuedTurn } from '../../../schemas/contexts/slm/messages.ts';
import { startSession } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import { placeOfCommand } from '../../shared/command/place.ts';
import { digestOf, identityOf } from '../../shared/idempotency.ts';
import { sessionRefusal } from '../../shared/personas.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { traceparentOf } from '../../shared/trace.ts';
import { type ChangeServices, changed, changeOutcomes, changeProblems, requireChange } from '../change-session.ts';
import { openAiErrors } from '../error-format.ts';
import { storedItems } from '../responses/items.ts';
import { shown } from '../shown.ts';
import { conversationBody, conversationOf, createConversationBody } from './body.ts';

const PERSONA_KEY = 'khipu_persona';
const OPERATION = 'createConversation';

type Services = ChangeServices & Pick<GatewayServices, 'partitions' | 'tables'>;

function register(app: App, services: Services): void {
  const { sender, partitions, tables, config, readModel } = services;
  app.route({
    method: 'POST',
    url: '/v1/conversations',
    config: {
      ...{ auth: 'api_key', appends: ['StartSession', 'ChangeSession'], problemFormat: openAiErrors },
      problems: [...changeProblems],
    },
    schema: {
      operationId: OPERATION,
      tags: ['openai'],
      summary: 'Create a conversation',
      description:
        'A session without a turn, under a policy decision; `metadata.khipu_persona` chooses the persona that answers in it. Responses with `conversation` are its turns. `items` require `sessions:change`.',
      body: createConversationBody,
      response: { 200: conversationBody },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const { items, metadata } = request.body;
      if (items && items.length > 0) requireChange(request);
      const identity = identityOf(caller, { operationId: OPERATION, tenantId, params: {} }, undefined);
      const sessionId = identity.subjectId;
      const { [PERSONA_KEY]: persona = PERSONA_DEFAULT, ...kept } = metadata ?? {};
      const requestDigest = digestOf(request.body);
      const { outcome } = await sender.send({
        ...{ tenantId, identity, requestDigest, traceparent: traceparentOf(request.raw) },
        ...{ outcomes: ['SessionStarted', 'SessionRefused'], waitMs: config.outcomeWaitMs },
        make: () =>
          startSession({
            ...{ sessionId, principal: caller.principal, persona, model: null, metadata: kept, labels: [] },
            capabilities: caller.capabilities.filter((capability) => !governs(capability)),
            ...{ turnId: null, prompt: null, maxTokens: null, requestDigest, ...continuedTurn },
          }),
        place: (command) => placeOfCommand(command, caller, tenantId, partitions),
      });
      if (outcome === null) throw new Problem('LOG_UNAVAILABLE', 'The conversation was not decided in time');
      if (outcome.record.type === 'SessionRefused')
        throw sessionRefusal(outcome.record.data, { tables, tenantId, persona });
      await shown(readModel, 'responses', outcome);
      const value = storedItems(items ?? [], (at) => identity.partId(`item-${at}`));
      const place = outcome.place;
      if (value.length > 0)
        await changed(request, services, { operationId: OPERATION, sessionId, place, change: 'items', value });
      const created_at = isoOf(outcome.timeMs);
      return reply.send(conversationOf({ session_id: sessionId, created_at, metadata: JSON.stringify(kept) }));
    },
  });
}

/** Route `POST /v1/conversations`. */
export const createConversation: Route<Services> = {
  outcomes: ['SessionStarted', 'SessionRefused', ...changeOutcomes],
  follows: [],
  register,
};
