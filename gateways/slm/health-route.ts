import type { App } from '../shared/app-type.ts';
import type { GatewayServices } from '../shared/services.ts';
import { SlmActivity } from './activity.ts';
import { slmHealthBody } from './schemas.ts';

/** `GET /v1/slm/health`. */
export function healthRoute(app: App, { log, tail }: GatewayServices): void {
  const activity = new SlmActivity(log, tail);
  app.route({
    method: 'GET',
    url: '/v1/slm/health',
    config: { auth: 'none' },
    schema: {
      operationId: 'slmHealth',
      summary: 'How the model does, as far as the log tells',
      description:
        'From how requests ended and how many wait. No request is made to find out. 503 when failing or stuck.',
      tags: ['slm'],
      response: { 200: slmHealthBody, 503: slmHealthBody },
    },
    handler: async (_request, reply) => {
      const { status, detail, backlog, last } = await activity.health();
      return reply.code(status === 'ok' || status === 'idle' ? 200 : 503).send({
        status,
        detail,
        backlog,
        last:
          last === null
            ? null
            : {
                at: last.at,
                outcome: last.answer.outcome,
                provider: last.answer.provider,
                model_id: last.answer.modelId,
                latency_ms: last.answer.latencyMs,
                time_to_first_token_ms: last.answer.timeToFirstTokenMs,
              },
      });
    },
  });
}
