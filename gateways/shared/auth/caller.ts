import { covers as coversOne } from '../../../schemas/capabilities.ts';
import type { Credential } from '../../../schemas/generated/records.ts';

/** Who calls, proved by an API key or by a session's token. */
export type Caller = ApiKeyCaller | SessionCaller;

interface CallerBase {
  readonly tenantId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
}

export interface ApiKeyCaller extends CallerBase {
  readonly kind: 'api_key';
}

/** Bound to one session. */
export interface SessionCaller extends CallerBase {
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

/** True when one of the granted capabilities covers `wanted`. */
export const covers = (granted: readonly string[], wanted: string): boolean =>
  granted.some((each) => coversOne(each, wanted));
