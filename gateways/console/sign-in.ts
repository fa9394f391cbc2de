import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import type { Caller } from '../shared/auth/caller.ts';
import { callerOfSession, foreignOrigin } from '../shared/auth/console-caller.ts';
import { CONSOLE_API } from '../shared/auth/console-request.ts';
import { type ConsoleIdentity, csrfTokenOf, IDLE_MS_MAX } from '../shared/auth/console-sessions.ts';
import { problemOfFault } from '../shared/auth/faults.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import { consoleSessionBody, signInBody, signInOptions } from './schemas.ts';

/** Services of the console's own routes. */
export type ConsoleServices = Pick<
  GatewayServices,
  | 'config'
  | 'consoleSessions'
  | 'consoleCookies'
  | 'credentialStatus'
  | 'presentedKeys'
  | 'findKey'
  | 'tables'
  | 'identityProvider'
  | 'signInClient'
  | 'pendingSignIns'
  | 'logger'
>;

type SessionBody = z.infer<typeof consoleSessionBody>;

const hidden = { hide: true } as object;

/** Returns the body of the session that a caller came with. */
function sessionBody(caller: Caller, secret: string): SessionBody {
  if (caller.kind === 'session' || caller.consoleSession === undefined) throw new Error('not a session of the console');
  return {
    principal: caller.principal,
    tenant_id: caller.tenantId,
    capabilities: [...caller.capabilities],
    csrf_token: csrfTokenOf(secret),
    expires_at: new Date(caller.consoleSession.endsAtMs).toISOString(),
    idle_seconds: IDLE_MS_MAX / 1_000,
    signed_in_with: caller.kind === 'api_key' ? 'api_key' : 'identity_provider',
  };
}

/**
 * Begins a session in place of the browser's former one and sets its cookie. Rejects with the problem of a principal that is
 * refused, and with CONSOLE_UNAVAILABLE.
 */
export async function beginSession(
  services: ConsoleServices,
  identity: ConsoleIdentity,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<SessionBody> {
  const { consoleSessions, consoleCookies, credentialStatus } = services;
  const probe = callerOfSession({ id: '', identity, endsAtMs: Date.now() }, services);
  const fault = probe === null ? 'TOKEN_INVALID' : credentialStatus.faultOf(probe);
  if (fault !== null) throw problemOfFault(fault);
  const former = consoleCookies.secretIn(request.headers.cookie);
  const ended = former === null ? null : await consoleSessions.find(former);
  if (ended !== null) await consoleSessions.end(ended.id);
  const { secret, session } = await consoleSessions.begin(identity);
  const caller = callerOfSession(session, services);
  if (caller === null) throw problemOfFault('TOKEN_INVALID');
  reply.header('set-cookie', consoleCookies.set(secret));
  request.log.info({ tenantId: caller.tenantId, principal: caller.principal, ip: request.ip }, 'console sign-in');
  return sessionBody(caller, secret);
}

/** Registers the sign-in with an API key, the session and the sign-out. */
export function signInRoutes(app: App, services: ConsoleServices): void {
  const { config, signInClient, consoleSessions, consoleCookies, credentialStatus, presentedKeys } = services;
  const url = `${CONSOLE_API}sign-in`;

  app.route({
    method: 'GET',
    url,
    config: { auth: 'none' },
    schema: { ...hidden, response: { 200: signInOptions } },
    handler: async (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return { identity_provider: signInClient === null ? null : { name: signInClient.name } };
    },
  });

  app.route({
    method: 'POST',
    url,
    config: { auth: 'none' },
    schema: { ...hidden, body: signInBody, response: { 200: consoleSessionBody } },
    handler: async (request, reply) => {
      const foreign = foreignOrigin(request, config.http.publicUrl);
      if (foreign !== null) throw foreign;
      if (!credentialStatus.known)
        throw new Problem('LOG_UNAVAILABLE', 'Revocations and disabled principals are not loaded yet; try again');
      const caller = await presentedKeys.prove(request.body.api_key, request.ip);
      if (caller instanceof Problem) throw caller;
      reply.header('cache-control', 'no-store');
      return beginSession(services, { kind: 'api_key', ...caller.key }, request, reply);
    },
  });

  app.route({
    method: 'GET',
    url: `${CONSOLE_API}session`,
    schema: { ...hidden, response: { 200: consoleSessionBody } },
    handler: async (request) => sessionBody(callerOf(request), consoleCookies.secretIn(request.headers.cookie) ?? ''),
  });

  app.route({
    method: 'POST',
    url: `${CONSOLE_API}sign-out`,
    schema: hidden,
    handler: async (request, reply) => {
      const caller = callerOf(request);
      if (caller.kind !== 'session' && caller.consoleSession !== undefined)
        await consoleSessions.end(caller.consoleSession.id);
      return reply.header('set-cookie', consoleCookies.clear()).code(204).send();
    },
  });
}
