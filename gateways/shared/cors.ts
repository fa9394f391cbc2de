import cors from '@fastify/cors';
import type { App } from './app-type.ts';

/** Request headers of the API, which a page may send. */
const REQUEST_HEADERS = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'khipu-position',
  'last-event-id',
  'prefer',
  'traceparent',
  'x-request-id',
];

/** Response headers of the API, which a page may read. */
const RESPONSE_HEADERS = [
  'etag',
  'khipu-position',
  'location',
  'preference-applied',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'www-authenticate',
  'x-request-id',
];

/** Time for which a browser keeps the answer to a preflight. Chromium's maximum is two hours. */
const PREFLIGHT_S = 600;

/**
 * Lets pages of these exact origins call the API and read its answers, errors included. Other origins get no
 * `Access-Control-*` header, so their pages can neither send credentials nor read anything. Without origins, changes nothing.
 * Call it before any hook that may refuse a request.
 */
export async function allowOrigins(app: App, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  // The plugin's own route: it answers what is not a preflight of these origins as if it were not there.
  app.addHook('onRoute', (route) => {
    if (route.method === 'OPTIONS') route.config = { ...route.config, auth: 'none', produces: '*/*' };
  });
  const allowed = new Set(origins);
  await app.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && allowed.has(origin) ? origin : false),
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: RESPONSE_HEADERS,
    // Credentials of the API are headers and tickets. The browser must not add any of its own.
    credentials: false,
    maxAge: PREFLIGHT_S,
    // Its answer to an incomplete preflight would not be problem+json.
    strictPreflight: false,
  });
}
