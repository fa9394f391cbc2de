import { hash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../infra/governance/constitution/canonical-json.ts';
import { derivedId, KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import type { Holder } from './auth/caller.ts';

/** Header schema of `Idempotency-Key`. */
export const idempotencyKeySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Expected 1 to 255 visible ASCII characters')
  .optional()
  .meta({
    description:
      'A repeated request with the same key returns the outcome of the first one; 422 when the request differs',
  });

/** Ids of a request and of its command. */
export interface Identity {
  /** The `Idempotency-Key` of the client, or a generated one. */
  readonly idempotencyKey: string;
  /** True when the client chose the key, so that it may repeat the request. */
  readonly repeatable: boolean;
  /** `ce_id` of the command. */
  readonly commandId: string;
  /** Id of the subject of the command, such as the session. */
  readonly subjectId: string;
  /** Returns the id of a part of the subject, such as the first turn. */
  partId(name: string): string;
}

/** The scope of an `Idempotency-Key`: the operation, the tenant and the path parameters. */
export interface Operation {
  readonly operationId: string;
  /** Tenant whose data the command changes: the caller's own, or one that the caller manages. */
  readonly tenantId: string;
  readonly params: object;
}

/** Returns the id of a part of a command's subject: the same at every gateway for the same command. */
export const partIdOf = (commandId: string, name: string): string => derivedId(commandId, 'gateway', name);

/**
 * Returns ids derived from the caller, the operation and the key (UUIDv5): the same request has the same ids at every
 * gateway. They include the principal, so that guessing a key does not give access to another principal's session.
 */
export function identityOf(
  caller: Pick<Holder, 'tenantId' | 'principal'>,
  { operationId, tenantId, params }: Operation,
  key: string | undefined,
): Identity {
  const idempotencyKey = key ?? randomUUID();
  const scope = [caller.tenantId, caller.principal, operationId, tenantId, params, idempotencyKey];
  const commandId = uuidV5(KHIPU_NAMESPACE, JSON.stringify(scope));
  return {
    idempotencyKey,
    repeatable: key !== undefined,
    commandId,
    subjectId: partIdOf(commandId, 'subject'),
    partId: (name) => partIdOf(commandId, name),
  };
}

/** Returns the sha256 of the canonical JSON (RFC 8785) of a request, hex. */
export const digestOf = (request: object): string => hash('sha256', canonicalJson(request), 'hex');
