import type { FastifyRequest } from 'fastify';
import type { Page } from '../../../projections/sql.ts';
import { notCovered } from '../../../schemas/capabilities.ts';
import { capabilitiesOfRoles, roleOf } from '../../../schemas/directory.ts';
import {
  definePrincipal,
  type Principal,
  type PrincipalKind,
  removePrincipal,
} from '../../../schemas/generated/records.ts';
import { principalEntry } from '../../../schemas/identity.ts';
import { type HeldPageRequest, heldPage } from '../../shared/held-page.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { askedBy, changes, type Place, requireRoom } from './write.ts';

export interface PrincipalChange {
  readonly name: string;
  readonly status: 'active' | 'disabled';
  readonly roles: readonly string[];
}

/** Users or service accounts: the same but for their name. */
export class Principals {
  readonly #services: GatewayServices;
  readonly #kind: PrincipalKind;

  constructor(services: GatewayServices, kind: PrincipalKind) {
    this.#services = services;
    this.#kind = kind;
  }

  list({ tenantId }: Place, page: HeldPageRequest): Page<Principal> {
    const found = this.#services.directory.entries(tenantId).flatMap((entry) => {
      const isOne = entry.type === 'Principal' && entry.data.kind === this.#kind && entry.data.status !== 'removed';
      return isOne ? [entry.data] : [];
    });
    return heldPage(found, ({ principalId }) => principalId, page);
  }

  /** Throws PRINCIPAL_UNKNOWN. */
  get(place: Place, id: string): Principal {
    const found = this.#held(place, id);
    if (found === undefined) throw new Problem('PRINCIPAL_UNKNOWN', `There is no ${this.#kind} ${id}`);
    return found;
  }

  /** Undefined when there is no outcome in time. */
  async create(
    place: Place,
    id: string,
    change: PrincipalChange,
    request: FastifyRequest,
  ): Promise<Principal | undefined> {
    requireRoom(this.#services, place);
    return this.#define(place, id, change, 0, change.roles, request);
  }

  /** Undefined when there is no outcome in time. `expected` is the version that is changed; null for whatever is there. */
  async change(
    place: Place,
    id: string,
    change: PrincipalChange,
    expected: number | null,
    request: FastifyRequest,
  ): Promise<Principal | undefined> {
    const held = this.#held(place, id);
    // Roles that it has already may stay; but only those of the version that the processor will find.
    const kept = held !== undefined && held.version === expected ? held.roles : [];
    const added = change.roles.filter((role) => !kept.includes(role));
    return this.#define(place, id, change, expected, added, request);
  }

  /** True when it is removed here, false when there is no outcome in time. */
  remove(place: Place, id: string, expected: number | null, request: FastifyRequest): Promise<boolean> {
    const command = removePrincipal({ ...this.#askedBy(place, id), expectedVersion: expected });
    return changes(this.#services, place, command, request);
  }

  async #define(
    place: Place,
    id: string,
    { name, status, roles }: PrincipalChange,
    expected: number | null,
    added: readonly string[],
    request: FastifyRequest,
  ): Promise<Principal | undefined> {
    const command = definePrincipal({
      ...{ ...this.#askedBy(place, id), expectedVersion: expected },
      ...{ name, enabled: status === 'active', roles, grants: this.#grantsOf(place, roles, added) },
    });
    return (await changes(this.#services, place, command, request)) ? this.#held(place, id) : undefined;
  }

  /** What added roles give. Throws REQUEST_INVALID for one that is not there, CAPABILITY_MISSING for what the caller does not have. */
  #grantsOf({ caller, tenantId }: Place, roles: readonly string[], added: readonly string[]): readonly string[] {
    const { directory } = this.#services.directory;
    const errorsOf = (wrong: readonly string[], detail: (role: string) => string) => ({
      errors: wrong.map((role) => ({
        in: 'body' as const,
        pointer: `#/roles/${roles.indexOf(role)}`,
        detail: detail(role),
      })),
    });
    const unknown = added.filter((role) => roleOf(directory, tenantId, role) === undefined);
    if (unknown.length > 0)
      throw new Problem(
        'REQUEST_INVALID',
        `There is no role ${unknown.join(', ')}`,
        errorsOf(unknown, (role) => `There is no role ${role}`),
      );
    const missingOf = (role: string) =>
      notCovered(caller.capabilities, capabilitiesOfRoles(directory, tenantId, [role]));
    const mighty = added.filter((role) => missingOf(role).length > 0);
    if (mighty.length > 0)
      throw new Problem(
        'CAPABILITY_MISSING',
        `The caller does not have ${mighty.flatMap(missingOf).join(', ')}`,
        errorsOf(mighty, (role) => `The caller does not have ${missingOf(role).join(', ')}`),
      );
    return capabilitiesOfRoles(directory, tenantId, added);
  }

  #askedBy(place: Place, id: string) {
    return askedBy(place, principalEntry(place.tenantId, `${this.#kind}:${id}`));
  }

  #held({ tenantId }: Place, id: string): Principal | undefined {
    const found = this.#services.directory.principal(tenantId, `${this.#kind}:${id}`);
    return found?.status === 'removed' ? undefined : found;
  }
}
