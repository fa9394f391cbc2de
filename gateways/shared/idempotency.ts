import { hash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../infra/governance/canonical-json.ts';
import { derivedId, KHIPU_NAMESPACE, uuidV5 } from '../../infra/kafka/ids.ts';
import type { Holder } from './auth/caller.ts';

export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Expected 1 to 255 visible ASCII characters')
  .optional()
  .meta({ description: 'The same key gives the same result, however often it is sent' });

export interface Identity {
  /** The key that was sent, or the one that this request was given. */
  readonly idempotencyKey: string;
  /** True when the client chose the key, and may have sent it before. */
  readonly repeatable: boolean;
  /** `ce_id` of the command. */
  readonly commandId: string;
  /** Id of what the command is about, such as the session. */
  readonly subjectId: string;
  /** Id of a part of it, such as the first turn. */
  partId(name: string): string;
}

/**
 * Ids that follow from who asks, for what, under which key: the same request has the same ids at every gateway. The
 * principal is part of it, so that no one gets at another's session by guessing a key.
 */
export function identityOf(
  caller: Pick<Holder, 'tenantId' | 'principal'>,
  operation: string,
  key: string | undefined,
): Identity {
  const idempotencyKey = key ?? randomUUID();
  const scope = JSON.stringify([caller.tenantId, caller.principal, operation, idempotencyKey]);
  const commandId = uuidV5(KHIPU_NAMESPACE, scope);
  return {
    idempotencyKey,
    repeatable: key !== undefined,
    commandId,
    subjectId: derivedId(commandId, 'gateway', 'subject'),
    partId: (name) => derivedId(commandId, 'gateway', name),
  };
}

/** sha256 of the canonical JSON (RFC 8785) of a request, hex. */
export const digestOf = (request: object): string => hash('sha256', canonicalJson(request), 'hex');
