import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FollowedTable } from '../../../infra/runner/tables/follower.ts';
import type { IdentityProvider } from '../../../infra/security/identity-provider.ts';
import type { Directory } from '../../../schemas/contexts/identity/directory.ts';
import { Problem } from '../problems/problem.ts';
import { type Caller, consoleSessionOf } from './caller.ts';
import { type ConsoleAuthenticator, callerOfCookie } from './console-caller.ts';
import { isConsoleRequest } from './console-request.ts';
import type { ConsoleSessions } from './console-sessions.ts';
import type { CredentialStatus } from './credential-status.ts';
import { isCrossOrigin } from './cross-origin.ts';
import { challenge, invalidCredential, problemOfFault } from './faults.ts';
import { isApiKey, type PresentedKeys } from './presented-keys.ts';
import type { SessionTokens } from './session-tokens.ts';
import type { StreamTickets } from './stream-tickets.ts';
import { userWith } from './user-caller.ts';

/**
 * Credentials that a route accepts. `api_key`: an API key, or an access token of the identity provider. `session`: the
 * token of one session. `any`: all of these.
 */
export type Auth = 'none' | 'api_key' | 'session' | 'any';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null before authentication, and on routes without credentials. */
    caller: Caller | null;
    /** Why authentication failed; null otherwise. */
    authProblem: Problem | null;
  }
  interface FastifyContextConfig {
    /** Credentials that the route accepts; `any` by default. */
    auth?: Auth;
    /** True for the stream of `session_id`, which accepts `?ticket=` as well. */
    tickets?: boolean;
    /** True for the endpoint of MCP: access tokens whose audience is that resource alone are accepted there, too. */
    isMcpResource?: boolean;
  }
}

/** Parts that authentication needs. */
export interface Authenticator extends ConsoleAuthenticator {
  readonly presentedKeys: PresentedKeys;
  readonly tokens: SessionTokens;
  readonly tickets: Pick<StreamTickets, 'redeem'>;
  readonly credentialStatus: Pick<CredentialStatus, 'known' | 'faultOf'>;
  readonly tables: { readonly directory: Pick<FollowedTable<Directory>, 'value'> };
  readonly consoleSessions: Pick<ConsoleSessions, 'find' | 'end'>;
  readonly identityProvider: Pick<IdentityProvider, 'issued' | 'verify'> | null;
}

const SEND = 'send Authorization: Bearer <API key, access token or session token>';
/** Returns the problem of a request without credentials; it names those that were sent in another way. */
function missing({ headers }: Pick<FastifyRequest, 'headers'>): Problem {
  const [scheme = ''] = headers.authorization?.split(' ') ?? [];
  const sent = 'x-api-key' in headers ? 'X-API-Key is' : isScheme(scheme) ? `The scheme ${scheme} is` : null;
  const detail = sent === null ? `S${SEND.slice(1)}` : `${sent} not accepted here: ${SEND}`;
  return new Problem('UNAUTHENTICATED', detail, { headers: challenge() });
}
/** Known schemes are repeated in a detail; anything else may be a secret. */
const isScheme = (text: string): boolean => ['basic', 'digest', 'negotiate', 'apikey'].includes(text.toLowerCase());
const crossOrigin = (): Problem =>
  new Problem(
    'API_KEY_CROSS_ORIGIN',
    'Every visitor of a page can read what it sends: keep the API key on a server and give the page a session token',
  );
const twice = (): Problem =>
  new Problem('REQUEST_INVALID', 'Send ?ticket= or Authorization, not both', {
    errors: [{ in: 'query', pointer: '#/ticket', detail: 'Not with Authorization' }],
  });
const ticketInvalid = (): Problem =>
  new Problem('TICKET_INVALID', 'The ticket was used, has expired or is not of this session; create another one', {
    headers: challenge('invalid_token'),
  });
const notLoaded = (): Problem =>
  new Problem('LOG_UNAVAILABLE', 'Revocations and disabled principals are not loaded yet; try again');
const expired = (detail: string): Problem =>
  new Problem('TOKEN_EXPIRED', detail, { headers: challenge('invalid_token') });

/**
 * Adds authentication to every route. Identifies the caller first (`onRequest`), so that rate limits count callers. Rejects
 * a request after the rate limit and before its body is read (`preParsing`), with the challenges of RFC 6750.
 */
export function authenticate(app: FastifyInstance, authenticator: Authenticator): void {
  const { presentedKeys, credentialStatus, tickets, consoleSessions } = authenticator;
  const { publicUrl } = authenticator.config.http;
  app.decorateRequest('caller', null);
  app.decorateRequest('authProblem', null);

  const prove = async (request: FastifyRequest, credential: string | null): Promise<Caller | Problem> => {
    const ticket = ticketOf(request);
    if (credential === null && ticket === null) return missing(request);
    if (!credentialStatus.known) return notLoaded();
    if (credential === null) return (await tickets.redeem(ticket ?? '', sessionOf(request))) ?? ticketInvalid();
    if (ticket !== null) return twice();
    if (!isApiKey(credential))
      return callerOfToken(authenticator, credential, audienceOf(request, authenticator.config.http));
    return presentedKeys.prove(credential, request.ip);
  };

  const admit = (request: FastifyRequest, caller: Caller): void => {
    const fault = credentialStatus.faultOf(caller);
    if (fault === null) request.caller = caller;
    else request.authProblem = problemOfFault(fault);
  };

  /** Authenticates a request of the console. A session whose principal is refused has ended. */
  const admitConsole = async (request: FastifyRequest): Promise<void> => {
    const proved = credentialStatus.known ? await callerOfCookie(authenticator, request) : notLoaded();
    if (proved instanceof Problem) request.authProblem = proved;
    else {
      admit(request, proved);
      const ended = request.authProblem === null ? null : consoleSessionOf(proved);
      if (ended !== null) await consoleSessions.end(ended);
    }
  };

  // Hooks with callbacks: one promise per hook would add a tenth to the cost of a request.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || authOf(request) === 'none') return done();
    if (isConsoleRequest(request)) {
      admitConsole(request).then(() => done(), done);
      return;
    }
    const credential = credentialOf(request);
    const apiKey = credential !== null && isApiKey(credential) ? credential : null;
    if (apiKey !== null && isCrossOrigin(request.headers, publicUrl)) {
      request.authProblem = crossOrigin();
      return done();
    }
    const known = apiKey !== null && ticketOf(request) === null ? presentedKeys.recall(apiKey) : null;
    if (known !== null) {
      admit(request, known);
      return done();
    }
    prove(request, credential).then((proved) => {
      if (proved instanceof Problem) request.authProblem = proved;
      else admit(request, proved);
      done();
    }, done);
  });

  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.authProblem !== null) return done(request.authProblem);
    const auth = authOf(request);
    if (request.caller === null || auth === 'any' || auth === 'none' || fits(request.caller, auth))
      return done(null, payload);
    done(
      new Problem(
        'CREDENTIAL_NOT_ALLOWED',
        auth === 'session'
          ? 'This requires the token of the session, not an API key'
          : 'This requires an API key, not a session token',
      ),
    );
  });
}

/** Verifies a session token or an access token of the identity provider; the issuer in the token selects which. */
async function callerOfToken(
  { tokens, identityProvider, tables }: Authenticator,
  token: string,
  audience: string | null,
): Promise<Caller | Problem> {
  if (identityProvider?.issued(token) !== true) {
    const caller = await tokens.verify(token);
    if (caller === 'expired')
      return expired('Start the session again with the same Idempotency-Key to get another token for it');
    return caller === 'invalid' ? invalidCredential() : caller;
  }
  const user = await identityProvider.verify(token, audience);
  switch (user) {
    case 'expired':
      return expired('Get another access token from the identity provider');
    case 'invalid':
      return invalidCredential();
    case 'unavailable':
      return new Problem(
        'IDENTITY_PROVIDER_UNAVAILABLE',
        'The keys of the identity provider cannot be fetched now; API keys still work',
      );
    default:
      return userWith(user, tables.directory.value);
  }
}

/** Returns the resource that a route is on its own (RFC 8707); null for a route of the whole API. */
const audienceOf = (
  { routeOptions }: FastifyRequest,
  { publicUrl }: { readonly publicUrl: string | null },
): string | null =>
  routeOptions.config.isMcpResource === true && publicUrl !== null ? `${publicUrl.replace(/\/$/, '')}/mcp` : null;

/** Returns the bearer credential; null without one, or for another scheme. */
function credentialOf({ headers }: FastifyRequest): string | null {
  const [scheme, credential, ...rest] = headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || credential === undefined || credential === '') return null;
  return rest.length === 0 ? credential : null;
}

/** Returns the stream ticket of a request; null without one, or on a route that accepts none. */
function ticketOf({ routeOptions, query }: FastifyRequest): string | null {
  if (routeOptions.config.tickets !== true) return null;
  const { ticket } = query as { readonly ticket?: unknown };
  return typeof ticket === 'string' ? ticket : null;
}

const sessionOf = ({ params }: FastifyRequest): string => (params as { readonly session_id: string }).session_id;

const fits = ({ kind }: Caller, auth: 'api_key' | 'session'): boolean => (kind === 'session') === (auth === 'session');

const authOf = (request: FastifyRequest): Auth => request.routeOptions.config.auth ?? 'any';

/** Returns the authenticated caller. Throws Problem UNAUTHENTICATED on a route that was reached without one. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw missing(request);
  return request.caller;
}
