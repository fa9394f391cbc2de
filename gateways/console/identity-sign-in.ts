import { hash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { codeOf, messageOf } from '../../infra/kit/errors.ts';
import { SignInError } from '../../infra/security/sign-in-client.ts';
import type { App } from '../shared/app-type.ts';
import { CONSOLE_API } from '../shared/auth/console-request.ts';
import { Problem } from '../shared/problems/problem.ts';
import { beginSession, type ConsoleServices } from './sign-in.ts';

/** Time to sign in at the identity provider. */
const PENDING_S_MAX = 600;
/** Where a failed sign-in ends, with `?error=`. */
const SIGN_IN_PAGE = '/console/sign-in';

const CALLBACK = `${CONSOLE_API}sign-in/callback`;

/** A page of the console. Anything else would redirect a user to wherever a link says. */
const returnTo = z
  .string()
  .max(512)
  .regex(/^\/console(?:[/?][\w./?=&%:~+,-]*)?$/, 'Expected a path of the console')
  .default('/console');

const pendingSignIn = z.object({
  redirectUri: z.string(),
  verifier: z.string(),
  state: z.string(),
  nonce: z.string(),
  returnTo: z.string(),
});

const keyOf = (ticket: string): string => `sign-in:${hash('sha256', ticket, 'hex')}`;

const hidden = { hide: true } as object;

/** Registers the sign-in at the identity provider. Without one, its routes do not exist. */
export function identitySignInRoutes(app: App, services: ConsoleServices): void {
  const { config, signInClient, identityProvider, pendingSignIns, consoleCookies, logger } = services;
  if (signInClient === null || identityProvider === null) return;

  const redirectUriOf = ({ headers, protocol }: FastifyRequest): string =>
    new URL(CALLBACK, config.http.publicUrl ?? `${protocol}://${headers.host}`).href;

  const redirect = (reply: FastifyReply, to: string): FastifyReply =>
    reply.header('cache-control', 'no-store').header('set-cookie', consoleCookies.clearSignIn()).redirect(to, 303);

  const failed = (reply: FastifyReply, error: unknown): FastifyReply => {
    const code = error instanceof SignInError || error instanceof Problem ? codeOf(error) : 'SIGN_IN_FAILED';
    logger.warn({ code, detail: messageOf(error) }, 'console sign-in failed');
    return redirect(reply, `${SIGN_IN_PAGE}?error=${code}`);
  };

  app.route({
    method: 'GET',
    url: `${CONSOLE_API}sign-in/identity-provider`,
    config: { auth: 'none', produces: '*/*' },
    schema: { ...hidden, querystring: z.strictObject({ return_to: returnTo }) },
    handler: async (request, reply) => {
      try {
        const { url, pending } = await signInClient.begin(redirectUriOf(request));
        const ticket = randomBytes(32).toString('base64url');
        const kept = JSON.stringify({ ...pending, returnTo: request.query.return_to });
        await pendingSignIns.put(keyOf(ticket), kept, PENDING_S_MAX * 1_000).catch((cause: unknown) => {
          throw new Problem('CONSOLE_UNAVAILABLE', 'Redis does not answer', { cause });
        });
        return await reply
          .header('cache-control', 'no-store')
          .header('set-cookie', consoleCookies.setSignIn(ticket, PENDING_S_MAX))
          .redirect(url, 303);
      } catch (error) {
        return failed(reply, error);
      }
    },
  });

  /** Resolves with the sign-in that this browser began, once. Rejects with SignInError SIGN_IN_EXPIRED. */
  const taken = async (request: FastifyRequest): Promise<z.infer<typeof pendingSignIn>> => {
    const ticket = consoleCookies.signInIn(request.headers.cookie);
    const kept = ticket === null ? null : await pendingSignIns.take(keyOf(ticket));
    if (kept === null) throw new SignInError('SIGN_IN_EXPIRED', 'no sign-in is under way in this browser');
    return pendingSignIn.parse(JSON.parse(kept));
  };

  app.route({
    method: 'GET',
    url: CALLBACK,
    config: { auth: 'none', produces: '*/*' },
    schema: hidden,
    handler: async (request, reply) => {
      try {
        const { returnTo: page, ...pending } = await taken(request);
        const [, query = ''] = request.url.split('?', 2);
        const user = await identityProvider.verify(await signInClient.finish(query, pending));
        if (user === 'unavailable')
          throw new SignInError('IDENTITY_PROVIDER_UNAVAILABLE', 'the keys of the identity provider cannot be fetched');
        if (typeof user === 'string')
          throw new SignInError(
            'SIGN_IN_FAILED',
            `its access token is ${user}: it must be a JWT for the audience ${config.identityProvider?.audience}, with a tenant`,
          );
        const { tenantId, principal, roles } = user;
        await beginSession(services, { kind: 'user', tenantId, principal, roles: [...roles] }, request, reply);
        return await redirect(reply, page);
      } catch (error) {
        return failed(reply, error);
      }
    },
  });
}
