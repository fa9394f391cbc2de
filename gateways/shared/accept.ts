import type { FastifyInstance } from 'fastify';
import { Problem } from './problems/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media type of the answer; application/json when not said. */
    produces?: string;
  }
}

/** True when an `Accept` header takes `mediaType` (RFC 9110, 12.5.1): the most specific range that fits decides. */
export function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  const [type] = mediaType.split('/', 1);
  const weights = new Map<string, number>();
  for (const range of header.split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  const weight = weights.get(mediaType) ?? weights.get(`${type}/*`) ?? weights.get('*/*') ?? 0;
  return weight > 0;
}

/** 406 before any work, rather than an answer that the client said it cannot read. */
export function negotiate(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const produced = request.routeOptions.config.produces ?? 'application/json';
    if (request.is404 || accepts(request.headers.accept, produced)) done();
    else done(new Problem('NOT_ACCEPTABLE', `The answer is ${produced}`));
  });
}
