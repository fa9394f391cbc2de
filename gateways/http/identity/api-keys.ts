import type { FastifyRequest } from 'fastify';
import { hashOf, newKeyText } from '../../../infra/keys/api-key.ts';
import { apiKeyOf, apiKeyOfTenant, capabilitiesOf, capabilitiesOfKey } from '../../../schemas/directory.ts';
import { type ApiKey, issueApiKey, revokeApiKey, rotateApiKey } from '../../../schemas/generated/records.ts';
import { apiKeyEntry } from '../../../schemas/identity.ts';
import { requireGranted } from '../../shared/auth/require-granted.ts';
import { digestOf, type Identity, identityOf } from '../../shared/idempotency.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { askedBy, changes, type Place, requireRoom } from './write.ts';

export interface KeyRequest {
  readonly name: string;
  readonly owner: string;
  /** Null for all that the owner may. */
  readonly capabilities: readonly string[] | null;
}

/** `key` is the text of a key that was made just now; null where it was shown before, or there is no outcome in time. */
export interface Issued {
  readonly held: ApiKey | undefined;
  readonly prefix: string;
  readonly key: string | null;
}

/** Prefixes have 32 bits: of a million keys, one in four thousand meets another. */
const ATTEMPTS_MAX = 3;
/** Another gateway may have issued the key of this request just now. */
const TAKE_EFFECT_MS = 1_000;

/**
 * Issues, rotates and revokes API keys. A key is made here and told once: what goes into the log is its prefix and its slow
 * hash. The prefix follows from the Idempotency-Key, so a request that is repeated finds the key that it made.
 */
export class ApiKeys {
  readonly #services: GatewayServices;

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  /** Throws API_KEY_UNKNOWN for a key that is none of the tenant's. */
  get({ tenantId }: Place, prefix: string): ApiKey {
    const found = apiKeyOfTenant(this.#services.directory.directory, tenantId, prefix);
    if (found === undefined) throw new Problem('API_KEY_UNKNOWN', `There is no API key ${prefix}`);
    return found;
  }

  async issue(
    place: Place,
    asked: KeyRequest,
    idempotencyKey: string | undefined,
    request: FastifyRequest,
  ): Promise<Issued> {
    const grants = this.#grantsOf(place, asked);
    requireRoom(this.#services, place);
    const identity = identityOf(place.caller, `api-keys/${place.tenantId}`, idempotencyKey);
    const digest = digestOf(asked);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const prefix = identity.partId(`prefix/${attempt}`).slice(0, 8);
      const issued =
        this.#repeated(prefix, identity, digest) ??
        (await this.#try(prefix, place, asked, grants, identity, digest, request));
      if (issued !== null) return issued;
    }
    throw new Problem('ALREADY_EXISTS', 'No free prefix was found; try again with another Idempotency-Key');
  }

  /** The key's new text, or null when there is no outcome in time: then nobody knows its secret, and it must be rotated again. */
  async rotate(
    place: Place,
    prefix: string,
    { overlapS, expected }: { readonly overlapS: number; readonly expected: number | null },
    request: FastifyRequest,
  ): Promise<{ readonly held: ApiKey; readonly key: string } | null> {
    // Otherwise one could get at what a mightier owner may do.
    const grants = capabilitiesOfKey(this.#services.directory.directory, this.get(place, prefix));
    requireGranted(place.caller.capabilities, grants, 'The caller');
    const key = newKeyText(prefix);
    const command = rotateApiKey({
      ...{ ...askedBy(place, apiKeyEntry(prefix)), expectedVersion: expected },
      ...{ hash: await hashOf(key), overlapS, grants },
    });
    return (await changes(this.#services, place, command, request)) ? { held: this.get(place, prefix), key } : null;
  }

  /** True when this gateway refuses it, false when there is no outcome in time. One that was revoked before is refused already. */
  async revoke(place: Place, prefix: string, expected: number | null, request: FastifyRequest): Promise<boolean> {
    if (this.get(place, prefix).status === 'revoked') return true;
    const command = revokeApiKey({ ...askedBy(place, apiKeyEntry(prefix)), expectedVersion: expected });
    try {
      return await changes(this.#services, place, command, request);
    } catch (error) {
      if (error instanceof Problem && error.code === 'API_KEY_REVOKED') return true;
      throw error;
    }
  }

  /** What can be done with the key. Throws when its owner is not there, may not do it, or the caller may not. */
  #grantsOf({ caller, tenantId }: Place, { owner, capabilities }: KeyRequest): readonly string[] {
    const { directory } = this.#services;
    const found = directory.principal(tenantId, owner);
    if (found === undefined || found.status === 'removed')
      throw new Problem('REQUEST_INVALID', `There is no ${owner}`, {
        errors: [{ in: 'body', pointer: '#/owner', detail: `There is no ${owner}` }],
      });
    const owners = capabilitiesOf(directory.directory, tenantId, owner);
    const wanted = capabilities ?? owners;
    requireGranted(caller.capabilities, wanted, 'The caller');
    requireGranted(owners, capabilities ?? [], owner);
    return wanted;
  }

  /** The key that this request has made before; null when there is none. Throws IDEMPOTENCY_KEY_REUSED. */
  #repeated(prefix: string, identity: Identity, digest: string): Issued | null {
    const held = apiKeyOf(this.#services.directory.directory, prefix);
    if (held?.requestId !== identity.commandId) return null;
    if (held.requestDigest !== digest)
      throw new Problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came with another body before');
    return { held, prefix, key: null };
  }

  /** Null when the prefix is taken, by whomever. */
  async #try(
    prefix: string,
    place: Place,
    { name, owner, capabilities }: KeyRequest,
    grants: readonly string[],
    identity: Identity,
    digest: string,
    request: FastifyRequest,
  ): Promise<Issued | null> {
    const { directory, findKey } = this.#services;
    if (apiKeyOf(directory.directory, prefix) !== undefined || findKey(prefix) !== undefined) return null;
    const key = newKeyText(prefix);
    const entryId = apiKeyEntry(prefix);
    const command = issueApiKey({
      ...{ ...askedBy(place, entryId), name, owner, keyCapabilities: capabilities, grants },
      ...{ hash: await hashOf(key), requestId: identity.commandId, requestDigest: digest },
    });
    try {
      const isHeld = await changes(this.#services, place, command, request);
      return { held: isHeld ? this.get(place, prefix) : undefined, prefix, key: isHeld ? key : null };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'ALREADY_EXISTS') throw error;
      await directory.holds({ tenantId: place.tenantId, entryId, version: 1 }, TAKE_EFFECT_MS);
      return this.#repeated(prefix, identity, digest);
    }
  }
}
