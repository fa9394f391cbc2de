import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { FollowedTable } from '../../../infra/runner/tables/follower.ts';
import type { StoredKey } from '../../../infra/security/api-key-verifier.ts';
import type { Directory } from '../../../schemas/contexts/identity/directory.ts';
import { Problem } from '../problems/problem.ts';
import type { Caller } from './caller.ts';
import type { ConsoleCookies } from './console-cookie.ts';
import { type ConsoleSession, type ConsoleSessions, csrfTokenOf } from './console-sessions.ts';
import { isCrossOrigin } from './cross-origin.ts';
import { consoleChallenge, consoleSessionEnded } from './faults.ts';
import { userWith } from './user-caller.ts';

/** Header with the CSRF token of the session. */
export const CSRF_HEADER = 'x-khipu-csrf';

/** Methods that change nothing (RFC 9110, 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Parts that a request of the console is authenticated with. */
export interface ConsoleAuthenticator {
  readonly config: { readonly http: { readonly publicUrl: string | null } };
  readonly consoleSessions: Pick<ConsoleSessions, 'find'>;
  readonly consoleCookies: ConsoleCookies;
  readonly findKey: (prefix: string) => StoredKey | undefined;
  readonly tables: { readonly directory: Pick<FollowedTable<Directory>, 'value'> };
}

type ConsoleRequest = Pick<FastifyRequest, 'headers' | 'method'>;

/**
 * Returns the problem of a request that a page of another origin may have caused; null otherwise. A browser sends `Origin`
 * with every request that may change something, and no page can choose it. Source: Fetch, 3.2; Fetch Metadata, 2.2.
 */
export function foreignOrigin({ headers, method }: ConsoleRequest, publicUrl: string | null): Problem | null {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    isCrossOrigin(headers, publicUrl) ||
    (origin === undefined && !SAFE.has(method)) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (!isForeign) return null;
  const detail = origin === undefined ? 'Send the request from a page of this gateway' : `${origin} is another origin`;
  return new Problem('ORIGIN_NOT_ALLOWED', detail);
}

/** Returns the problem of a request that may change something and lacks the CSRF token of its session; null otherwise. */
function withoutToken({ headers, method }: ConsoleRequest, secret: string): Problem | null {
  if (SAFE.has(method)) return null;
  const given = Buffer.from(String(headers[CSRF_HEADER] ?? ''));
  const wanted = Buffer.from(csrfTokenOf(secret));
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return null;
  return new Problem('CSRF_TOKEN_INVALID', `Send the csrf_token of GET /console/api/session in ${CSRF_HEADER}`);
}

/** Returns the caller that a session stands for now; null when its API key no longer counts. */
export function callerOfSession(
  { identity, id, endsAtMs }: ConsoleSession,
  { findKey, tables }: Pick<ConsoleAuthenticator, 'findKey' | 'tables'>,
): Caller | null {
  const consoleSession = { id, endsAtMs };
  if (identity.kind === 'user')
    return { ...userWith({ ...identity, expiresAtMs: endsAtMs }, tables.directory.value), consoleSession };
  const { prefix, hash } = identity;
  const stored = findKey(prefix);
  if (stored === undefined || !stored.hashes.includes(hash)) return null;
  const { tenantId, principal, capabilities } = stored;
  return { kind: 'api_key', tenantId, principal, capabilities, key: { prefix, hash }, consoleSession };
}

/**
 * Authenticates a request below `/console/api/` by the console's cookie alone. Resolves with its caller or the problem of
 * the request. Rejects with Problem CONSOLE_UNAVAILABLE.
 */
export async function callerOfCookie(
  authenticator: ConsoleAuthenticator,
  request: ConsoleRequest,
): Promise<Caller | Problem> {
  const { config, consoleCookies, consoleSessions } = authenticator;
  const foreign = foreignOrigin(request, config.http.publicUrl);
  if (foreign !== null) return foreign;
  const secret = consoleCookies.secretIn(request.headers.cookie);
  if (secret === null)
    return new Problem('UNAUTHENTICATED', 'Sign in to the console; Authorization does not count below /console/api', {
      headers: consoleChallenge,
    });
  const session = await consoleSessions.find(secret);
  if (session === null) return consoleSessionEnded();
  const unproved = withoutToken(request, secret);
  if (unproved !== null) return unproved;
  // A key that was just issued may not be known here yet, so its session is refused and not ended.
  return callerOfSession(session, authenticator) ?? consoleSessionEnded();
}
