import { governs } from '../../schemas/capabilities.ts';
import type { StartSession } from '../../schemas/generated/records.ts';
import type { Holder } from '../shared/auth/caller.ts';
import { requireGranted } from '../shared/auth/require-granted.ts';
import { digestOf, type Identity } from '../shared/idempotency.ts';
import type { StartSessionBody } from './schemas.ts';

export interface StartRequest {
  readonly caller: Holder;
  readonly identity: Identity;
  readonly body: StartSessionBody;
  readonly traceparent: string;
  readonly waitMs: number;
}

/** The record that a request means. Drift of the contract fails to compile here. */
export function commandOf({ caller, identity, body }: StartRequest): StartSession {
  // Only the gateway knows what the key may do: the policy is shown what is in force, and this never would be.
  requireGranted(caller.capabilities, body.capabilities ?? [], 'The caller');
  return {
    sessionId: identity.subjectId,
    principal: caller.principal,
    persona: body.persona,
    // A key that governs starts sessions that do not.
    capabilities: body.capabilities ?? caller.capabilities.filter((capability) => !governs(capability)),
    model: body.model ?? null,
    metadata: body.metadata ?? {},
    turnId: body.prompt === undefined ? null : identity.partId('turn'),
    prompt: body.prompt ?? null,
    maxTokens: body.max_tokens ?? null,
    requestDigest: digestOf(body),
    labels: body.labels ?? [],
  };
}
