import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { projectRoot } from './home.ts';
import { roles, rolesFor } from './roles.ts';

it('an outside policy engine is asked by a role of its own, only where the environment names one', () => {
  const names = (env: NodeJS.ProcessEnv) => rolesFor(env).map(({ name }) => name);
  const usual = roles.map(({ name }) => name);
  expect(names({})).toEqual(usual);
  expect(names({ KHIPU_POLICY_ENGINE_URL: '' })).toEqual(usual);
  expect(names({ KHIPU_POLICY_ENGINE_URL: 'http://localhost:8181/v1/data/x' })).toEqual([
    ...usual,
    'stream-policy-engine',
  ]);
});

it('every role of the local platform is a service of the compose file, with the same arguments', () => {
  const compose = readFileSync(`${projectRoot}/infra/compose/docker-compose.yml`, 'utf8');
  for (const { name, args } of rolesFor({ KHIPU_POLICY_ENGINE_URL: 'http://x' })) {
    const [, listed = ''] = new RegExp(`\\n  ${name}:\\n(?:    .*\\n)*?    command: \\[(.*)\\]`).exec(compose) ?? [];
    expect(listed.split(', ').sort(), name).toEqual([...args].sort());
  }
});
