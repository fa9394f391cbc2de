import helmet from '@fastify/helmet';
import Fastify from 'fastify';

/** Set by Node or by the answer itself. */
const OWN = new Set(['connection', 'content-length', 'content-type', 'date', 'transfer-encoding']);

/**
 * The headers of helmet, which are the same for every answer: asked for once, for it works them out anew for each. Every
 * answer has them, those too that no route gives: a path that cannot be read, and what is no HTTP.
 */
export const securityHeaders: Readonly<Record<string, string>> = await headersOfHelmet();

async function headersOfHelmet(): Promise<Readonly<Record<string, string>>> {
  const once = Fastify();
  await once.register(helmet, {
    // Nothing here is a page of ours but the documentation, which sets its own policy.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        objectSrc: ["'none'"],
        // These do not fall back to default-src.
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    hsts: { maxAge: 31_536_000, includeSubDomains: true },
  });
  once.get('/', (_request, reply) => reply.code(204).send());
  const { headers } = await once.inject('/');
  await once.close();
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (OWN.has(name) ? [] : [[name, String(value)] as const])),
  );
}
