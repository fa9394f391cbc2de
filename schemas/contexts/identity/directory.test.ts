import { expect, it } from 'vitest';
import { role, tenant } from '../../generated/records.ts';
import { countOf, directoryHolds, emptyDirectory, entriesOf, tenantsHold, weightOf, withEntry } from './directory.ts';

const aRole = (name: string, version = 1) =>
  role({
    ...{ entryId: `role:demo:${name}`, tenantId: 'demo', version, name, description: '', capabilities: [] },
    status: 'active',
  });
const held = [aRole('writer', 2), aRole('reader')].reduce(withEntry, emptyDirectory);

it('lists the entries of a tenant by id, and counts them', () => {
  expect(entriesOf(held, 'demo').map(({ data }) => data.entryId)).toEqual(['role:demo:reader', 'role:demo:writer']);
  expect([countOf(held, 'demo'), countOf(held, 'acme')]).toEqual([2, 0]);
  expect(entriesOf(held, 'acme')).toEqual([]);
});

it('holds an entry from its version on', () => {
  const written = (version: number) => ({ tenantId: 'demo', entryId: 'role:demo:writer', version });
  expect([1, 2, 3].map((version) => directoryHolds(held, written(version)))).toEqual([true, true, false]);
  expect(directoryHolds(held, { ...written(0), tenantId: 'acme' })).toBe(false);
});

it('holds a tenant from its version on', () => {
  const settings = { models: ['*'], budgets: [], retentionDays: null, lane: 'interactive', weight: 1 } as const;
  const { data } = tenant({ tenantId: 'demo', version: 3, name: 'Demo', status: 'suspended', settings });
  const known = new Map([['demo', data]]);
  const written = (version: number) => ({ tenantId: 'demo', entryId: 'tenant:demo', version });
  expect([2, 3, 4].map((version) => tenantsHold(known, written(version)))).toEqual([true, true, false]);
  expect(tenantsHold(new Map(), written(0))).toBe(false);
});

it('has the weight of a tenant within its bounds, and 1 of a tenant without settings', () => {
  const settings = { models: ['*'], budgets: [], retentionDays: null, lane: 'interactive' } as const;
  const { data } = tenant({
    tenantId: 'demo',
    version: 1,
    name: 'Demo',
    status: 'active',
    settings: { ...settings, weight: 1 },
  });
  const weighing = (weight: number) => new Map([['demo', { ...data, settings: { ...settings, weight } }]]);
  expect([-1, 0, 1, 7, 100, 101].map((weight) => weightOf(weighing(weight), 'demo'))).toEqual([1, 1, 1, 7, 100, 100]);
  expect(weightOf(weighing(7), 'acme')).toBe(1);
});
