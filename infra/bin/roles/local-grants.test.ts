import { expect, it } from 'vitest';
import { processPrincipal } from '../../local/tls/local-tls.ts';
import { grantsOfRoles, principalOf } from './grants.ts';
import { localRoles } from './local.ts';
import { grantsOfProcesses } from './local-grants.ts';
import { streamNames } from './names.ts';

const roles = localRoles({});
const grants = grantsOfProcesses(roles);
const of = (process: string) => grants.filter(({ principal }) => principal === processPrincipal(process));
const withoutPrincipal = (from: readonly (typeof grants)[number][]): ReadonlySet<string> =>
  new Set(from.map(({ principal: _, ...rest }) => JSON.stringify(rest)));

it.each(['chained', 'apart'] as const)(
  'the process of all streams has the rights of each of them, layout %s',
  (layout) => {
    const names = new Set(streamNames(layout).map(principalOf));
    const needed = withoutPrincipal(grantsOfRoles(undefined, layout).filter(({ principal }) => names.has(principal)));
    expect(needed.size).toBeGreaterThan(20);
    expect([...needed].filter((grant) => !withoutPrincipal(of('stream-all')).has(grant))).toEqual([]);
  },
);

it('no process has the rights of another: only the streams write decisions', () => {
  const writers = grants.filter(
    ({ resource, name, operations }) =>
      resource === 'topic' && name === 'policy.decisions' && operations.includes('Write'),
  );
  expect(new Set(writers.map(({ principal }) => principal))).toEqual(new Set([processPrincipal('stream-all')]));
});

it('every process has a principal with rights', () => {
  for (const { name } of roles) expect(of(name).length, name).toBeGreaterThan(0);
});
