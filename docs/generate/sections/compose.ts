import { localRoles } from '../../../infra/bin/roles/local.ts';
import { type Registered, registered } from '../../../infra/bin/roles/names.ts';

/** Returns the services of the stream roles for docker-compose.yml: one for the core, and one per worker. */
export function composeSection(from: Registered = registered): string {
  const variables = Object.values(from.bindings).flatMap(({ runsWith }) => runsWith ?? []);
  const roles = localRoles(Object.fromEntries(variables.map((name) => [name, 'set'])), from);
  return roles
    .filter(({ args: [, kind] }) => kind === 'stream' || kind === 'worker')
    .map(({ name, args }) => {
      const profile = args[2] ?? '';
      const runsWith = from.bindings[profile]?.runsWith ?? null;
      return [
        ...(runsWith === null ? [] : [`  # Only with ${runsWith}: docker compose --profile ${profile} … up`]),
        `  ${name}:`,
        '    <<: *khipu',
        ...(runsWith === null ? [] : [`    profiles: [${profile}]`]),
        `    command: [${args.join(', ')}]`,
        '    environment: *environment',
        '    depends_on: *after-setup',
        '    healthcheck: *ready',
      ].join('\n');
    })
    .join('\n\n');
}
