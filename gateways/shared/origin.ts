import type { FastifyRequest } from 'fastify';
import type { Config } from '../../infra/config.ts';
import { Problem } from './problems/problem.ts';

type HttpConfig = Pick<Config['http'], 'publicUrl' | 'corsOrigins'>;
type Asked = Pick<FastifyRequest, 'protocol' | 'host'>;

/** Returns a URL without a slash at its end. */
export const bareUrl = (url: string): string => url.replace(/\/$/, '');

/** Returns the URL of this gateway as the client of a request knows it. Only shown: it decides about nothing. */
export const originOf = ({ protocol, host }: Asked, { publicUrl }: Pick<HttpConfig, 'publicUrl'>): string =>
  publicUrl === null ? `${protocol}://${host}` : bareUrl(publicUrl);

/** Names of this machine, and its addresses as browsers write them. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Throws Problem ORIGIN_NOT_ALLOWED for a request of a page of another origin: those of this gateway are its public URL, and
 * `KHIPU_CORS_ORIGINS`; without a public URL, this machine. A page of a name that was bound again to this machine names itself
 * in `Origin`. Programs send none.
 */
export function requireOwnOrigin(
  { headers: { origin } }: Pick<FastifyRequest, 'headers'>,
  { publicUrl, corsOrigins }: HttpConfig,
): void {
  if (origin === undefined || corsOrigins.includes(origin)) return;
  const from = URL.parse(origin);
  const own = publicUrl === null ? null : URL.parse(publicUrl);
  const isOwn = own === null ? LOOPBACK.test(from?.hostname ?? '') : from?.origin === own.origin;
  if (!isOwn) throw new Problem('ORIGIN_NOT_ALLOWED', 'Pages of this origin may not use the endpoint');
}

/**
 * Returns the URL of this gateway for what is signed. A client chooses its `Host`, so without a public URL only a name of this
 * machine is taken: throws Problem REQUEST_INVALID for any other.
 */
export function signedOriginOf(request: Asked, http: Pick<HttpConfig, 'publicUrl'>): string {
  const origin = originOf(request, http);
  if (http.publicUrl !== null || LOOPBACK.test(URL.parse(origin)?.hostname ?? '')) return origin;
  throw new Problem('REQUEST_INVALID', 'Without KHIPU_PUBLIC_URL, the name of the host is not signed', {
    errors: [{ in: 'header', pointer: '#/host', detail: 'Expected a name of this machine' }],
  });
}
