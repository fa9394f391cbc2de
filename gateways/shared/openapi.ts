import swagger from '@fastify/swagger';
import reference from '@scalar/fastify-api-reference';
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Config } from '../../infra/config.ts';
import type { App } from './app-type.ts';
import { referredComponents } from './openapi-components.ts';
import { withExamples } from './openapi-examples.ts';
import { withResponses } from './openapi-responses.ts';
import { contextTags } from './openapi-tags.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Khipu API</title>
  </head>
  <body>
    <div id="app"></div>
    <script src="/docs/assets/js/scalar.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** Turns off external fonts, telemetry and proxies: the page loads only from this gateway. */
const start = `Scalar.createApiReference('#app', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
});
`;

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const open = { auth: 'none' } as const;

/** Serves the OpenAPI 3.1 document at `/openapi.json`, from the same zod schemas that validate, and its page at `/docs`. */
export async function documentApi(app: App, config: Config): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Khipu',
        version: '0.1.0',
        description:
          'Runs AI agents under governance on one log. Every write appends a command to Kafka, and the response is its outcome in the log. Errors are `application/problem+json` (RFC 9457) with a stable `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: config.http.publicUrl ?? '/' }],
      tags: [
        { name: 'sessions', description: 'Start sessions, submit turns and read their results' },
        { name: 'turns', description: 'Answers as they are generated' },
        { name: 'audit', description: 'Events with their positions in the log' },
        { name: 'slm', description: 'Synchronous requests to the language model' },
        { name: 'openai', description: 'Existing clients of the OpenAI API, unchanged' },
        { name: 'identity', description: 'Tenants, roles, users, service accounts and API keys' },
        { name: 'governance', description: 'Propose, review, sign and activate constitutions' },
        { name: 'operations', description: 'Kill switches, revocations, budgets, health, metrics and public keys' },
      ],
      components: {
        securitySchemes: {
          api_key: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'khp_<prefix>_<secret>',
            description: 'An API key, or an access token of the identity provider when one is configured',
          },
          session_token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Token of one session' },
          stream_ticket: {
            type: 'apiKey',
            in: 'query',
            name: 'ticket',
            description: 'Single-use ticket for the stream of one session',
          },
        },
      },
    },
    transform: withResponses(createJsonSchemaTransform({ skipList: [] })),
    transformObject: (document) =>
      contextTags(withExamples(referredComponents(jsonSchemaTransformObject(document) as object))),
  });

  app.get('/openapi.json', { config: open, schema: { hide: true } as object }, async (_request, reply) =>
    reply.type('application/json').send(app.swagger()),
  );
  app.get(
    '/docs',
    { config: { ...open, produces: 'text/html' }, schema: { hide: true } as object },
    async (_request, reply) =>
      reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(page),
  );
  app.get(
    '/docs/start.js',
    { config: { ...open, produces: 'text/javascript' }, schema: { hide: true } as object },
    async (_request, reply) => reply.type('text/javascript; charset=utf-8').send(start),
  );
  await app.register((assets, _options, done) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, auth: 'none', produces: '*/*' };
    });
    assets.register(reference, { routePrefix: '/docs/assets', configuration: { url: '/openapi.json' } });
    done();
  });
}
