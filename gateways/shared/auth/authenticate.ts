import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RevocationBoard } from '../../../infra/access/revocation-board.ts';
import type { ApiKeyHolder, ApiKeyVerifier } from '../../../infra/keys/api-key-verifier.ts';
import { Problem } from '../problems/problem.ts';
import type { Caller } from './caller.ts';
import { FailureLimit } from './failure-limit.ts';
import type { SessionTokens } from './session-tokens.ts';

/** Credentials that a route takes. */
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
  readonly revocations: Pick<RevocationBoard, 'known' | 'revoked'>;
}

const challenge = (error?: string): Readonly<Record<string, string>> => ({
  'www-authenticate': `Bearer realm="khipu"${error === undefined ? '' : `, error="${error}"`}`,
});

const missing = (): Problem =>
  new Problem('UNAUTHENTICATED', 'Send Authorization: Bearer <API key or session token>', { headers: challenge() });
const invalid = (): Problem =>
  new Problem('TOKEN_INVALID', 'The API key or token is not valid here', { headers: challenge('invalid_token') });
const revoked = (): Problem =>
  new Problem('TOKEN_REVOKED', 'This token was taken back', { headers: challenge('invalid_token') });
const expired = (): Problem =>
  new Problem('TOKEN_EXPIRED', 'Start a session again, with the same Idempotency-Key to keep it', {
    headers: challenge('invalid_token'),
  });

/**
 * Proves the caller before anything else (onRequest), so that rate limits count callers; refuses after the rate limit
 * and before the body is read (preParsing). Problems of RFC 6750.
 */
export function authenticate(app: FastifyInstance, { apiKeys, tokens, revocations }: Authenticator): void {
  const failures = new FailureLimit();
  app.decorateRequest('caller', null);
  app.decorateRequest('authProblem', null);

  const prove = async (request: FastifyRequest, credential: string | null): Promise<Caller | Problem> => {
    if (credential === null) return missing();
    if (!isApiKey(credential)) {
      const caller = await tokens.verify(credential);
      if (caller === 'expired') return expired();
      if (caller === 'invalid') return invalid();
      if (!revocations.known) return new Problem('LOG_UNAVAILABLE', 'Which tokens were taken back is not known yet');
      return revocations.revoked(caller) ? revoked() : caller;
    }
    if (failures.exceeded(request.ip))
      return new Problem('RATE_LIMITED', 'Too many wrong API keys came from this address; wait a minute');
    const holder = await apiKeys.verify(credential);
    if (holder === null) {
      failures.count(request.ip);
      return invalid();
    }
    return callerWith(holder);
  };

  // Hooks with callbacks: a promise for each of them would be a tenth of what a request costs.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || authOf(request) === 'none') return done();
    const credential = credentialOf(request);
    const known = credential !== null && isApiKey(credential) ? apiKeys.recall(credential) : null;
    if (known !== null) {
      request.caller = callerWith(known);
      return done();
    }
    prove(request, credential).then((proved) => {
      if (proved instanceof Problem) request.authProblem = proved;
      else request.caller = proved;
      done();
    }, done);
  });

  app.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.authProblem !== null) return done(request.authProblem);
    const auth = authOf(request);
    if (request.caller === null || auth === 'any' || auth === 'none' || request.caller.kind === auth)
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

const isApiKey = (credential: string): boolean => credential.startsWith('khp_');

/** Null when there is none, or of another scheme. */
function credentialOf({ headers }: FastifyRequest): string | null {
  const [scheme, credential, ...rest] = headers.authorization?.split(' ') ?? [];
  if (scheme?.toLowerCase() !== 'bearer' || credential === undefined || credential === '') return null;
  return rest.length === 0 ? credential : null;
}

const callerWith = ({ id, tenantId, capabilities }: ApiKeyHolder): Caller => ({
  kind: 'api_key',
  tenantId,
  capabilities,
  principal: `api_key:${id}`,
});

const authOf = (request: FastifyRequest): Auth => request.routeOptions.config.auth ?? 'any';

/** The proved caller. Throws a Problem on a route that was reached without one. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw missing();
  return request.caller;
}
