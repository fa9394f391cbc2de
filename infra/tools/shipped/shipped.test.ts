import { expect, it } from 'vitest';
import { prepareManifest } from '../manifest/signing.ts';
import { shippedManifest, shippedTools } from './shipped.ts';

it('five tools ship', () => {
  expect(shippedTools).toEqual(['code.run', 'files', 'http.fetch', 'khipu.memory', 'sql.query']);
});

it.each(shippedTools)('%s is a valid manifest of the adapter with its name', (name) => {
  const { manifest } = prepareManifest(shippedManifest(name));
  expect([manifest.name, manifest.adapter]).toEqual([name, name]);
});

it('an installation changes hosts, settings, tier and name', () => {
  const { manifest } = prepareManifest(
    shippedManifest('http.fetch', { as: 'orders', hosts: ['api.example.com', 'b.example=GET,POST'] }),
  );
  expect([manifest.name, manifest.hosts]).toEqual([
    'orders',
    [
      { host: 'api.example.com', methods: ['GET'] },
      { host: 'b.example', methods: ['GET', 'POST'] },
    ],
  ]);
  expect(shippedManifest('sql.query', { config: { database: 'sales' } })).toMatchObject({
    config: { database: 'sales' },
  });
  expect(() => shippedManifest('telephone')).toThrow('no tool telephone ships');
});
