import type { Credential } from '../../../schemas/generated/records.ts';

/** Who calls, proved by an API key, by an access token of the identity provider, or by a session's token. */
export type Caller = ApiKeyCaller | UserCaller | SessionCaller;

/** Who acts, for which tenant, and what may be done: what any credentials tell. */
export interface Holder {
  readonly tenantId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
}

export interface ApiKeyCaller extends Holder {
  readonly kind: 'api_key';
  /** The key that was shown, by its prefix and the hash that proved it. */
  readonly key: { readonly prefix: string; readonly hash: string };
}

/** With an access token of the identity provider. Taken wherever an API key is. */
export interface UserCaller extends Holder {
  readonly kind: 'user';
  readonly expiresAtMs: number;
}

/** Bound to one session. */
export interface SessionCaller extends Holder {
  readonly kind: 'session';
  readonly sessionId: string;
  readonly persona: string;
  readonly model: string | null;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** `jti` of the token. */
  readonly tokenId: string;
}

/** What a command says of the token that asks for it, so that the policy may look at revocations again. */
export const credentialOf = (caller: Caller): Credential | null =>
  caller.kind === 'session' ? { sessionId: caller.sessionId, issuedAt: caller.issuedAtMs } : null;
