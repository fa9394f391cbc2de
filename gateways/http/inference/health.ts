import { topics } from '../../../schemas/topics.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { SlmActivity } from './activity.ts';
import { slmHealthBody } from './schemas.ts';

/** Route `GET /v1/slm/health`. It requires no credentials, like the other health routes. */
export const healthRoute: Route<Pick<GatewayServices, 'log' | 'tail'>> = {
  outcomes: [],
  follows: [topics.slmMetrics],
  register(app, { log, tail }) {
    const activity = new SlmActivity(log, tail);
    app.route({
      method: 'GET',
      url: '/v1/slm/health',
      config: { auth: 'none' },
      schema: {
        operationId: 'slmHealth',
        summary: 'Health of the language model, derived from the log',
        description:
          'Derived from the last request and the number of waiting requests, without a request to the model. 503 when failing or stuck.',
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
  },
};
