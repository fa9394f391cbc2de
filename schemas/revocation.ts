/** Which session tokens a revocation takes back. How it is used: docs/how-to/revoke-access.md. */
import { anyCovers } from './capabilities.ts';

/** `tenant`, or a session, or the principal that started sessions: each of the tenant of whoever revokes. */
export const REVOCATION_SCOPE = /^(?:tenant|(?:session|principal):[\x21-\x7e]{1,200})$/;

const CAPABILITY = 'access:revoke';

export const mayRevoke = (capabilities: readonly string[]): boolean => anyCovers(capabilities, CAPABILITY);

/** Until when issued tokens were revoked, in ms since 1970, by tenant and scope. */
export type Revocations = ReadonlyMap<string, number>;

/** A token as far as revocations look at it. */
export interface IssuedToken {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly principal: string;
  /** Whole seconds, as a JWT tells it, in ms since 1970. */
  readonly issuedAtMs: number;
}

/** No token lives longer (KHIPU_TOKEN_TTL_S), so neither does what is remembered of a revocation. */
export const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;

const nameOf = (tenantId: string, scope: string): string => `${tenantId} ${scope}`;

/** With one more revocation, and without those that no token can be as old as. */
export function withRevocation(
  revocations: Revocations,
  tenantId: string,
  { scope, issuedUntil }: { readonly scope: string; readonly issuedUntil: number },
): Revocations {
  const kept = [...revocations].filter(([, untilMs]) => untilMs > issuedUntil - REMEMBERED_MS);
  const name = nameOf(tenantId, scope);
  return new Map([...kept, [name, Math.max(issuedUntil, revokedUntil(revocations, tenantId, scope))]]);
}

/** Until when issued tokens of a scope were revoked, in ms since 1970; -1 when none were. */
export const revokedUntil = (revocations: Revocations, tenantId: string, scope: string): number =>
  revocations.get(nameOf(tenantId, scope)) ?? -1;

/** The scope under which a token was revoked: issued before, or within the second of, a revocation that means it. Null when it counts. */
export function revokedBy(revocations: Revocations, token: IssuedToken): string | null {
  if (revocations.size === 0) return null;
  const scopes = ['tenant', `session:${token.sessionId}`, `principal:${token.principal}`];
  return scopes.find((scope) => token.issuedAtMs <= revokedUntil(revocations, token.tenantId, scope)) ?? null;
}

export const isRevoked = (revocations: Revocations, token: IssuedToken): boolean =>
  revokedBy(revocations, token) !== null;
