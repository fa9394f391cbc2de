import { notCovered } from '../../../../schemas/capabilities.ts';
import { capabilitiesOfRoles, type Directory, roleOf } from '../../../../schemas/contexts/identity/directory.ts';
import { Problem } from '../../../shared/problems/problem.ts';
import type { Scope } from '../../../shared/resource/scope.ts';

/**
 * Returns the capabilities of the `added` roles. `roles` are all roles of the request, for the pointers of errors. Throws
 * Problem REQUEST_INVALID for a role that does not exist, CAPABILITY_MISSING for a capability that the caller lacks.
 */
export function grantsOf(
  { caller, tenantId }: Scope,
  directory: Directory,
  roles: readonly string[],
  added: readonly string[],
): readonly string[] {
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
  const missingOf = (role: string) => notCovered(caller.capabilities, capabilitiesOfRoles(directory, tenantId, [role]));
  const refused = added.filter((role) => missingOf(role).length > 0);
  if (refused.length > 0)
    throw new Problem(
      'CAPABILITY_MISSING',
      `The caller does not have ${refused.flatMap(missingOf).join(', ')}`,
      errorsOf(refused, (role) => `The caller does not have ${missingOf(role).join(', ')}`),
    );
  return capabilitiesOfRoles(directory, tenantId, added);
}
