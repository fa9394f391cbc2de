/** Revocations of session tokens. How to use it: docs/how-to/revoke-tokens.md. */
import { anyCovers } from '../capabilities.ts';

/**
 * Pattern of a scope: `tenant`, a session, or the principal that started sessions, always of the tenant of the revoking
 * principal.
 */
export const REVOCATION_SCOPE = /^(?:tenant|(?:session|principal):[\x21-\x7e]{1,200})$/;

const CAPABILITY = 'revocations:create';

/** Returns true when the capabilities allow revocations. */
export const mayRevoke = (capabilities: readonly string[]): boolean => anyCovers(capabilities, CAPABILITY);

/** Issue time up to which tokens are revoked, in ms since 1970, by tenant and scope. */
export type Revocations = ReadonlyMap<string, number>;

/** The part of a token that revocations depend on. */
export interface IssuedToken {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly principal: string;
  /** Issue time in ms since 1970; whole seconds, as in a JWT. */
  readonly issuedAtMs: number;
}

/** Time for which a revocation is stored, in ms: no token lives longer (KHIPU_TOKEN_TTL_S). */
export const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;

const nameOf = (tenantId: string, scope: string): string => `${tenantId} ${scope}`;

/** Returns the revocations with one added, without those that are older than any valid token. */
export function withRevocation(
  revocations: Revocations,
  tenantId: string,
  { scope, issuedUntil }: { readonly scope: string; readonly issuedUntil: number },
): Revocations {
  const kept = [...revocations].filter(([, untilMs]) => untilMs > issuedUntil - REMEMBERED_MS);
  const name = nameOf(tenantId, scope);
  return new Map([...kept, [name, Math.max(issuedUntil, revokedUntil(revocations, tenantId, scope))]]);
}

/** Returns the issue time up to which tokens of a scope are revoked, in ms since 1970; -1 when none are. */
export const revokedUntil = (revocations: Revocations, tenantId: string, scope: string): number =>
  revocations.get(nameOf(tenantId, scope)) ?? -1;

/**
 * Returns the scope by which a token is revoked: a revocation that applies to it, in the second of its issue or later.
 * Null for a valid token.
 */
export function revokedBy(revocations: Revocations, token: IssuedToken): string | null {
  if (revocations.size === 0) return null;
  const scopes = ['tenant', `session:${token.sessionId}`, `principal:${token.principal}`];
  return scopes.find((scope) => token.issuedAtMs <= revokedUntil(revocations, token.tenantId, scope)) ?? null;
}

/** Returns true when a token is revoked. */
export const isRevoked = (revocations: Revocations, token: IssuedToken): boolean =>
  revokedBy(revocations, token) !== null;
