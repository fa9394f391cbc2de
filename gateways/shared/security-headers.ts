import helmet from '@fastify/helmet';
import Fastify from 'fastify';

/** Headers that Node or the answer itself sets. */
const OWN = new Set(['connection', 'content-length', 'content-type', 'date', 'transfer-encoding']);

/**
 * The headers of helmet, computed once: they are equal for every answer, and helmet would compute them for each. Every
 * answer has them, including those to a path or to input that cannot be parsed.
 */
export const securityHeaders: Readonly<Record<string, string>> = await headersOfHelmet();

async function headersOfHelmet(): Promise<Readonly<Record<string, string>>> {
  const once = Fastify();
  await once.register(helmet, {
    // The only page is the documentation, which sets its own policy.
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
