import { signal } from '@preact/signals';
import { anyCovers } from '../../../../schemas/capabilities.ts';

/** The signed-in caller, as `GET /console/api/session` returns it. */
export interface SignedIn {
  readonly principal: string;
  readonly tenant_id: string;
  readonly capabilities: string[];
  readonly csrf_token: string;
  readonly expires_at: string;
  readonly idle_seconds: number;
  readonly signed_in_with: 'api_key' | 'identity_provider';
}

/** `unknown` until the gateway has answered; `out` has the code with which a session ended, null when there was none. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'out'; readonly code: string | null }
  | { readonly kind: 'in'; readonly session: SignedIn };

export const session = signal<SessionState>({ kind: 'unknown' });

/**
 * Ends the session in this page: any request may answer that it has ended, also before the answer to the sign-out that ended
 * it. A sign-in that never was has no code to show.
 */
export function ended(code: string): void {
  const isKnown = session.value.kind === 'in' || code === 'SIGNED_OUT';
  session.value = { kind: 'out', code: isKnown ? code : null };
}

/** Capabilities of the caller; none while signed out. */
export const capabilities = (): readonly string[] =>
  session.value.kind === 'in' ? session.value.session.capabilities : [];

/** Returns true when the caller has a capability, such as `kill-switch:set`. */
export const may = (capability: string): boolean => anyCovers(capabilities(), capability);

/** Returns true when the caller has any capability of a context, such as `constitution`. */
export const mayAny = (context: string): boolean =>
  capabilities().some((capability) => capability === '*' || capability.startsWith(`${context}:`));

/** Tenant of the caller; empty while signed out. */
export const tenantId = (): string => (session.value.kind === 'in' ? session.value.session.tenant_id : '');

/** Principal of the caller; empty while signed out. */
export const principal = (): string => (session.value.kind === 'in' ? session.value.session.principal : '');
