import { loadConfig } from '../../config.ts';
import { type Grant, grantsOf } from '../../kafka/acl/grant.ts';
import type { Role } from '../../local/roles/roles.ts';
import { processPrincipal } from '../../local/tls/local-tls.ts';
import { apply, rightsByRole } from './grants.ts';
import { expand, type Registered, registered } from './names.ts';

const layouts = ['chained', 'apart'] as const;

/**
 * Returns the grants of the processes of a local platform. A process shows one certificate for all that it runs, so its
 * principal has the rights of each of them, in either layout: no ACL has to change when the layout does.
 */
export const grantsOfProcesses = (roles: readonly Role[], from: Registered = registered): readonly Grant[] =>
  roles.flatMap((role) =>
    layouts.flatMap((layout) => {
      const rights = rightsByRole(from, layout);
      const [, kind = '', ...given] = role.args;
      const names = kind === 'stream' || kind === 'worker' ? expand(given, layout, from) : [kind];
      return names.flatMap((name) => grantsOf(processPrincipal(role.name), rights[name] ?? {}));
    }),
  );

/** Creates those grants at the brokers that the environment names. */
export async function grantProcesses(roles: readonly Role[], env: NodeJS.ProcessEnv): Promise<void> {
  await apply(grantsOfProcesses(roles), loadConfig(env));
}
