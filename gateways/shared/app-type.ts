import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** A Fastify app whose schemas are zod. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Security schemes of the OpenAPI document, by the credentials that a route takes. */
export const security = {
  api_key: [{ api_key: [] }],
  session: [{ session_token: [] }],
  any: [{ api_key: [] }, { session_token: [] }],
} as const;
