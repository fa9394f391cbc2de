import { z } from 'zod';
import { embedText, inferText } from '../../schemas/generated/records.ts';
import { passingRefusals } from '../../schemas/refusal.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { credentialOf } from '../shared/auth/caller.ts';
import { digestOf, idempotencyKeySchema, identityOf } from '../shared/idempotency.ts';
import { preferenceOf, waitMsOf } from '../shared/prefer.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import { traceparentOf } from '../shared/trace.ts';
import { healthRoute } from './health-route.ts';
import { SlmRequests } from './requests.ts';
import { embedBody, embeddedBody, inferBody, inferredBody, pendingRequestBody } from './schemas.ts';

/** Topics whose events this gateway listens to. */
export const slmTopics = ['inference.events', 'slm.metrics'] as const;

/** The log needs some time beside the model's own. */
const BESIDE_MODEL_MS = 2_000;

const headers = z.looseObject({ 'idempotency-key': idempotencyKeySchema, prefer: z.string().max(200).optional() });

const askProblems = problemResponses(
  ...bodyProblems,
  ...credentialProblems,
  'POLICY_DENIED',
  'SLM_FAILED',
  ...passingRefusals,
  'LOG_OVERLOADED',
  'READ_MODEL_UNAVAILABLE',
  'SLM_UNAVAILABLE',
  'SLM_TIMEOUT',
);

/** The synchronous fallback: one answer, or embeddings, in one request; through the log like everything else. */
export function slmRoutes(app: App, services: GatewayServices): void {
  askRoutes(app, services);
  healthRoute(app, services);
}

function askRoutes(app: App, services: GatewayServices): void {
  const requests = new SlmRequests(services);
  const waitMaxMs = services.config.slm.timeoutMs + BESIDE_MODEL_MS;
  const location = (requestId: string): string => `/v1/slm/requests/${requestId}`;
  const common = { tags: ['slm'], security: security.any, headers };

  app.route({
    method: 'POST',
    url: '/v1/slm/infer_sync',
    config: { auth: 'any' },
    schema: {
      ...common,
      operationId: 'inferSync',
      summary: 'One answer of the model',
      body: inferBody,
      response: { 200: inferredBody, 202: pendingRequestBody, ...askProblems },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { prompt, model = null, max_tokens: maxTokens = null, labels = [] } = request.body;
      const identity = identityOf(
        caller,
        `slm/infer_sync/${digestOf(request.body)}`,
        request.headers['idempotency-key'],
      );
      const { principal, capabilities } = caller;
      const requestId = identity.subjectId;
      const credential = credentialOf(caller);
      const answer = await requests.ask(
        inferText({ requestId, principal, capabilities, model, prompt, maxTokens, credential, labels }),
        {
          identity,
          caller,
          traceparent: traceparentOf(request.raw),
          waitMs: waitMsOf(preferenceOf(request.headers.prefer), waitMaxMs),
        },
      );
      if (answer === null)
        return reply
          .code(202)
          .header('location', location(requestId))
          .send({ request_id: requestId, status: 'pending' });
      return reply.send(answer as z.infer<typeof inferredBody>);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/slm/embedding',
    config: { auth: 'any' },
    schema: {
      ...common,
      operationId: 'embed',
      summary: 'Embeddings of one text or several',
      body: embedBody,
      response: { 200: embeddedBody, 202: pendingRequestBody, ...askProblems },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const identity = identityOf(
        caller,
        `slm/embedding/${digestOf(request.body)}`,
        request.headers['idempotency-key'],
      );
      const { principal, capabilities } = caller;
      const requestId = identity.subjectId;
      const credential = credentialOf(caller);
      const { model = null, labels = [] } = request.body;
      const input = [request.body.input].flat();
      const answer = await requests.ask(
        embedText({ requestId, principal, capabilities, model, input, credential, labels }),
        {
          identity,
          caller,
          traceparent: traceparentOf(request.raw),
          waitMs: waitMsOf(preferenceOf(request.headers.prefer), waitMaxMs),
        },
      );
      if (answer === null)
        return reply
          .code(202)
          .header('location', location(requestId))
          .send({ request_id: requestId, status: 'pending' });
      return reply.send(answer as z.infer<typeof embeddedBody>);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/slm/requests/:request_id',
    config: { auth: 'any' },
    schema: {
      operationId: 'getSlmRequest',
      summary: 'The answer to a request that was not waited for',
      tags: ['slm'],
      security: security.any,
      params: z.object({ request_id: z.uuid() }),
      response: { 200: z.union([inferredBody, embeddedBody]), ...askProblems, ...problemResponses('REQUEST_UNKNOWN') },
    },
    handler: async (request) => {
      const requestId = request.params.request_id;
      const answer = await requests.known(callerOf(request).tenantId, requestId);
      if (answer === null) throw new Problem('REQUEST_UNKNOWN', `${requestId} has no answer, or none yet`);
      return answer;
    },
  });
}
