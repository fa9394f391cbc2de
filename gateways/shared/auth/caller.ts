import type { Credential } from '../../../schemas/generated/records.ts';

/** An authenticated caller: by an API key, by an access token of the identity provider, or by a session token. */
export type Caller = ApiKeyCaller | UserCaller | SessionCaller;

/** The holder of any credentials: its tenant, its principal and its capabilities. */
export interface Holder {
  readonly tenantId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
}

/** A caller that may have signed in to the console. */
interface SignedIn {
  /** The session of the console whose cookie the caller sent; absent for one that sent its credentials. */
  readonly consoleSession?: { readonly id: string; readonly endsAtMs: number };
}

/** A caller with an API key. */
export interface ApiKeyCaller extends Holder, SignedIn {
  readonly kind: 'api_key';
  /** The key: its prefix, and the hash that it was verified with. */
  readonly key: { readonly prefix: string; readonly hash: string };
}

/** A caller with an access token of the identity provider, which is accepted wherever an API key is. */
export interface UserCaller extends Holder, SignedIn {
  readonly kind: 'user';
  readonly expiresAtMs: number;
}

/** A caller with a session token, which is bound to one session. */
export interface SessionCaller extends Holder {
  readonly kind: 'session';
  readonly sessionId: string;
  /** Place of the session: every command of it carries this one, even when new sessions get others. */
  readonly place: string;
  readonly persona: string;
  readonly model: string | null;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** `jti` of the token. */
  readonly tokenId: string;
}

/** Returns the session credential that a command carries, so that the policy can check revocations again; null for other callers. */
export const credentialOf = (caller: Caller): Credential | null =>
  caller.kind === 'session' ? { sessionId: caller.sessionId, issuedAt: caller.issuedAtMs } : null;

/** Returns the fields of a command that name its caller. */
export const askerOf = (caller: Caller) => ({
  ...{ principal: caller.principal, capabilities: caller.capabilities, credential: credentialOf(caller) },
});

/** Returns the time at which the credentials of a caller expire, ms since 1970; Infinity for an API key. */
export const expiryOf = (caller: Caller): number =>
  caller.kind === 'api_key' ? (caller.consoleSession?.endsAtMs ?? Number.POSITIVE_INFINITY) : caller.expiresAtMs;

/** Returns the id of the console session that a caller came with; null for other callers. */
export const consoleSessionOf = (caller: Caller): string | null =>
  caller.kind === 'session' ? null : (caller.consoleSession?.id ?? null);
