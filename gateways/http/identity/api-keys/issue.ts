import { hashOf, newKeyText } from '../../../../infra/security/api-key.ts';
import { apiKeyOf, capabilitiesOf, principalOf } from '../../../../schemas/contexts/identity/directory.ts';
import { apiKeyEntry } from '../../../../schemas/contexts/identity/entries.ts';
import { type ApiKey, apiKeyIssued, issueApiKey } from '../../../../schemas/generated/records.ts';
import { requireGranted } from '../../../shared/auth/require-granted.ts';
import { keyReused } from '../../../shared/command/sent-commands.ts';
import type { AlreadyKnown, CommandRequest, MadeCommand } from '../../../shared/command/spec.ts';
import { Problem } from '../../../shared/problems/problem.ts';
import { isShownHere } from '../../../shared/resource/outcomes.ts';
import { askedBy, requireRoom } from '../../../shared/resource/scope.ts';
import type { Shape } from '../../../shared/route/request.ts';
import type { GatewayServices } from '../../../shared/services.ts';
import type { createKeyBody } from './schemas.ts';

/** Services that the writes of API keys need. */
export type KeyServices = Pick<GatewayServices, 'tables' | 'findKey'>;
type Request = CommandRequest<KeyServices, Shape, Shape, typeof createKeyBody>;
type Asking = Pick<Request, 'identity' | 'services'>;

/** Prefixes have 32 bits: with a million keys, one in four thousand collides. */
const ATTEMPTS_MAX = 3;

/** Returns the key that this request has already created; undefined while the tables of this gateway have none. */
const madeBefore = ({ identity, services }: Asking, prefix: string): ApiKey | undefined => {
  const found = apiKeyOf(services.tables.directory.value, prefix);
  return found?.requestId === identity.commandId ? found : undefined;
};

/**
 * Returns the prefix of a request's key. It is derived from the `Idempotency-Key`, so a repeated request finds the key that
 * it created. Throws Problem ALREADY_EXISTS after three collisions.
 */
export function prefixOf({ identity, services }: Asking): string {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const prefix = identity.partId(`prefix/${attempt}`).slice(0, 8);
    const isTaken = apiKeyOf(services.tables.directory.value, prefix) ?? services.findKey(prefix);
    if (isTaken === undefined || madeBefore({ identity, services }, prefix) !== undefined) return prefix;
  }
  throw new Problem('ALREADY_EXISTS', 'No free key prefix was found; try again with another Idempotency-Key');
}

/**
 * Makes a key. Its prefix and its slow hash go into the log; its text is returned to this request only. Rejects with Problem
 * REQUEST_INVALID for an unknown owner, CAPABILITY_MISSING when the caller or the owner lacks a capability of the key,
 * DIRECTORY_FULL and ALREADY_EXISTS.
 */
export async function issue(request: Request): Promise<MadeCommand<'IssueApiKey'> | AlreadyKnown> {
  const { body, identity, requestDigest, services } = request;
  const { name, owner, capabilities: keyCapabilities = null } = body;
  const grants = grantsOf(request);
  requireRoom(services, request);
  const prefix = prefixOf(request);
  const before = madeBefore(request, prefix);
  if (before !== undefined) return { known: issued(before) };
  const secret = newKeyText(prefix);
  const command = issueApiKey({
    ...{ ...askedBy(request, apiKeyEntry(prefix)), name, owner, keyCapabilities, grants },
    ...{ hash: await hashOf(secret), requestId: identity.commandId, requestDigest },
  });
  return { command, secret };
}

/** Returns the outcome of an earlier request, from the directory. */
const issued = (apiKey: ApiKey): AlreadyKnown['known'] => ({
  record: apiKeyIssued({ entryId: apiKey.entryId, apiKey, by: '', byTenant: apiKey.tenantId }),
  eventId: '',
  tenantId: apiKey.tenantId,
  place: null,
  requestDigest: apiKey.requestDigest,
  position: null,
  timeMs: apiKey.createdAt,
});

/** Returns the capabilities of the key. Throws as `issue` rejects. */
function grantsOf({ body: { owner, capabilities }, caller, tenantId, services: { tables } }: Request) {
  const found = principalOf(tables.directory.value, tenantId, owner);
  if (found === undefined || found.status === 'removed')
    throw new Problem('REQUEST_INVALID', `There is no principal ${owner}`, {
      errors: [{ in: 'body', pointer: '#/owner', detail: `There is no principal ${owner}` }],
    });
  const owners = capabilitiesOf(tables.directory.value, tenantId, owner);
  const wanted = capabilities ?? owners;
  requireGranted(caller.capabilities, wanted, 'The caller');
  requireGranted(owners, capabilities ?? [], owner);
  return wanted;
}

/**
 * Resolves with the key that the same request has just created at another gateway; null when the prefix belongs to another
 * key. Rejects with Problem IDEMPOTENCY_KEY_REUSED when the `Idempotency-Key` was used for another request.
 */
export async function issuedMeanwhile(request: Request): Promise<ApiKey | null> {
  const { services, tenantId, requestDigest } = request;
  const prefix = prefixOf(request);
  await isShownHere({ tenantId, entryId: apiKeyEntry(prefix), version: 1 }, { services });
  const found = madeBefore(request, prefix);
  if (found !== undefined && found.requestDigest !== requestDigest) throw keyReused();
  return found ?? null;
}
