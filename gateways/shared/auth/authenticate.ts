import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DirectoryBoard } from '../../../infra/identity/directory-board.ts';
import type { IdentityProvider, OutsideUser } from '../../../infra/identity/identity-provider.ts';
import type { ApiKeyHolder, ApiKeyVerifier } from '../../../infra/keys/api-key-verifier.ts';
import { capabilitiesOf, capabilitiesOfRoles, type Directory } from '../../../schemas/directory.ts';
import { Problem } from '../problems/problem.ts';
import type { Caller } from './caller.ts';
import { FailureLimit } from './failure-limit.ts';
import type { SessionTokens } from './session-tokens.ts';
import type { Fault, Standing } from './standing.ts';

/** Credentials that a route takes: `api_key` is also an access token of the identity provider, `session` the token of one session. */
export type Auth = 'none' | 'api_key' | 'session' | 'any';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until proved, and on routes that take no credentials. */
    caller: Caller | null;
    authProblem: Problem | null;
  }
  interface FastifyContextConfig {
    /** Every route says which credentials it takes; `any` when it does not. */
    auth?: Auth;
  }
}

export interface Authenticator {
  readonly apiKeys: ApiKeyVerifier;
  readonly tokens: SessionTokens;
  readonly standing: Pick<Standing, 'known' | 'faultOf'>;
  readonly directory: Pick<DirectoryBoard, 'directory'>;
  readonly identityProvider: Pick<IdentityProvider, 'issued' | 'verify'> | null;
}

const challenge = (error?: string): Readonly<Record<string, string>> => ({
  'www-authenticate': `Bearer realm="khipu"${error === undefined ? '' : `, error="${error}"`}`,
});

const missing = (): Problem =>
  new Problem('UNAUTHENTICATED', 'Send Authorization: Bearer <API key, access token or session token>', {
    headers: challenge(),
  });
const invalid = (): Problem =>
  new Problem('TOKEN_INVALID', 'The API key or token is not valid here', { headers: challenge('invalid_token') });
const faults: Readonly<Record<Fault, () => Problem>> = {
  TOKEN_INVALID: invalid,
  TOKEN_REVOKED: () =>
    new Problem('TOKEN_REVOKED', 'This token was taken back', { headers: challenge('invalid_token') }),
  TENANT_SUSPENDED: () => new Problem('TENANT_SUSPENDED', 'Nothing is done for this tenant until it is active again'),
  PRINCIPAL_DISABLED: () => new Problem('PRINCIPAL_DISABLED', 'This user or service account was disabled or removed'),
};
const expired = (detail: string): Problem =>
  new Problem('TOKEN_EXPIRED', detail, { headers: challenge('invalid_token') });

/**
 * Proves the caller before anything else (onRequest), so that rate limits count callers; refuses after the rate limit
 * and before the body is read (preParsing). Problems of RFC 6750.
 */
export function authenticate(app: FastifyInstance, authenticator: Authenticator): void {
  const { apiKeys, standing } = authenticator;
  const failures = new FailureLimit();
  app.decorateRequest('caller', null);
  app.decorateRequest('authProblem', null);

  const prove = async (request: FastifyRequest, credential: string | null): Promise<Caller | Problem> => {
    if (credential === null) return missing();
    if (!standing.known) return new Problem('LOG_UNAVAILABLE', 'Who may still come in is not known yet');
    if (!isApiKey(credential)) return callerOfToken(authenticator, credential);
    if (failures.exceeded(request.ip))
      return new Problem('RATE_LIMITED', 'Too many wrong API keys came from this address; wait a minute');
    const holder = await apiKeys.verify(credential);
    if (holder === null) {
      failures.count(request.ip);
      return invalid();
    }
    return callerWith(holder);
  };

  const admit = (request: FastifyRequest, caller: Caller): void => {
    const fault = standing.faultOf(caller);
    if (fault === null) request.caller = caller;
    else request.authProblem = faults[fault]();
  };

  // Hooks with callbacks: a promise for each of them would be a tenth of what a request costs.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || authOf(request) === 'none') return done();
    const credential = credentialOf(request);
    const known = credential !== null && isApiKey(credential) ? apiKeys.recall(credential) : null;
    if (known !== null) {
      admit(request, callerWith(known));
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
          ? 'This takes the token of the session, not an API key'
          : 'This takes an API key, not a token',
      ),
    );
  });
}

/** By a session's token, or by an access token of the identity provider: each says who issued it. */
async function callerOfToken(
  { tokens, identityProvider, directory }: Authenticator,
  token: string,
): Promise<Caller | Problem> {
  if (identityProvider?.issued(token) !== true) {
    const caller = await tokens.verify(token);
    if (caller === 'expired') return expired('Start a session again, with the same Idempotency-Key to keep it');
    return caller === 'invalid' ? invalid() : caller;
  }
  const user = await identityProvider.verify(token);
  switch (user) {
    case 'expired':
      return expired('Get another access token from the identity provider');
    case 'invalid':
      return invalid();
    case 'unavailable':
      return new Problem('IDENTITY_PROVIDER_UNAVAILABLE', 'Its keys cannot be fetched now; API keys still count');
    default:
      return userWith(user, directory.directory);
  }
}

/** What its token's roles give, and those that it has here. */
function userWith({ tenantId, principal, roles, expiresAtMs }: OutsideUser, directory: Directory): Caller {
  const capabilities = [
    ...capabilitiesOfRoles(directory, tenantId, roles),
    ...capabilitiesOf(directory, tenantId, principal),
  ];
  return { kind: 'user', tenantId, principal, capabilities: [...new Set(capabilities)], expiresAtMs };
}

const isApiKey = (credential: string): boolean => credential.startsWith('khp_');

/** Null when there is none, or of another scheme. */
function credentialOf({ headers }: FastifyRequest): string | null {
  const [scheme, credential, ...rest] = headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || credential === undefined || credential === '') return null;
  return rest.length === 0 ? credential : null;
}

const callerWith = (holder: ApiKeyHolder): Caller => ({ kind: 'api_key', ...holder });

const fits = ({ kind }: Caller, auth: 'api_key' | 'session'): boolean => (kind === 'session') === (auth === 'session');

const authOf = (request: FastifyRequest): Auth => request.routeOptions.config.auth ?? 'any';

/** The proved caller. Throws a Problem on a route that was reached without one. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw missing();
  return request.caller;
}
