import { expect, it } from 'vitest';
import { localRoles } from './local.ts';
import { registered } from './names.ts';

it('an external policy engine has its own role, only when the environment names one', () => {
  const { slm, 'policy-engine': policyEngine } = registered.bindings;
  const from = {
    ...registered,
    bindings: { ...(slm && { slm }), ...(policyEngine && { 'policy-engine': policyEngine }) },
  };
  const names = (env: NodeJS.ProcessEnv) => localRoles(env, from).map(({ name }) => name);
  const usual = ['gateway', 'stream-all', 'worker-slm', 'projection'];
  expect(names({})).toEqual(usual);
  expect(names({ KHIPU_POLICY_ENGINE_URL: '' })).toEqual(usual);
  expect(names({ KHIPU_POLICY_ENGINE_URL: 'http://localhost:8181/v1/data/x' })).toEqual([
    ...['gateway', 'stream-all', 'worker-slm'],
    ...['worker-policy-engine', 'projection'],
  ]);
});
