import { declare } from '../../shared/route/declare.ts';
import { sessionFields } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { streamTicketBody } from './schemas.ts';

const { endpoint } = declare<Pick<GatewayServices, 'tickets' | 'access'>>();

/** Route that issues a single-use ticket for the stream of a session. */
export const streamTicketRoute = endpoint({
  operationId: 'createStreamTicket',
  tag: 'sessions',
  summary: 'Create a single-use ticket for the stream of the session',
  description:
    'For `EventSource`, which sends no `Authorization`: open `GET /v1/turn/{session_id}?ticket=` with it. The ticket works once, within 30 seconds, at any gateway, for this session and in the name of this caller. It opens the stream and nothing else. Create another one to resume.',
  method: 'POST',
  url: '/v1/sessions/:session_id/stream-tickets',
  auth: 'any',
  params: sessionFields,
  status: 201,
  response: streamTicketBody,
  problems: ['SESSION_UNKNOWN', 'READ_MODEL_UNAVAILABLE', 'TICKETS_UNAVAILABLE'],
  check: ({ caller, params, services }) => services.access.check(caller, params.session_id),
  answer: async ({ caller, params, services }) => {
    const { ticket, expiresAt } = await services.tickets.issue(caller, params.session_id);
    return { ticket, expires_at: expiresAt };
  },
});
