import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** Path below which the console's cookie is accepted, and no other credential. */
export const CONSOLE_API = '/console/api/';

/** Path under which the console reaches the routes of `/v1/`. */
const CONSOLE_V1 = `${CONSOLE_API}v1/`;

/**
 * Returns the URL to route a request by: `/console/api/v1/…` is served by the routes of `/v1/…`. Fastify's `rewriteUrl`.
 */
export const routedUrl = ({ url = '/' }: Pick<IncomingMessage, 'url'>): string =>
  url.startsWith(CONSOLE_V1) ? `/v1/${url.slice(CONSOLE_V1.length)}` : url;

/** Returns true for a request below `/console/api/`, as its client sent it. */
export const isConsoleRequest = ({ originalUrl }: Pick<FastifyRequest, 'originalUrl'>): boolean =>
  originalUrl.startsWith(CONSOLE_API);
