import type { FastifyInstance } from 'fastify';
import Negotiator from 'negotiator';
import { Problem } from './problems/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media type of the answer, or those that the request chooses from; `application/json` by default. */
    produces?: string | readonly string[];
  }
}

/** Returns true when an `Accept` header allows `mediaType` in UTF-8 (RFC 9110, 12.5.1). */
export function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  const negotiator = new Negotiator({ headers: { accept: header } });
  return negotiator.mediaType([mediaType, `${mediaType};charset=utf-8`]) !== undefined;
}

/** Produced by a route whose files decide about their media types: it serves them to any client. */
const ANY = '*/*';

/** Adds content negotiation: a route whose media type the client does not accept answers 406 before any work. */
export function negotiate(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const produced = [request.routeOptions.config.produces ?? 'application/json'].flat();
    if (request.is404 || produced.some((each) => each === ANY || accepts(request.headers.accept, each))) done();
    else done(new Problem('NOT_ACCEPTABLE', `The answer is ${produced.join(' or ')}`));
  });
}
