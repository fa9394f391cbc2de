import { expect, it } from 'vitest';
import { prepareCapsule } from '../signing.ts';
import { shippedCapsule, shippedCapsules } from './shipped.ts';

it.each(shippedCapsules)('the shipped capsule %s passes every check, for any publisher', (name) => {
  const { manifest } = prepareCapsule(shippedCapsule(name, 'acme'));
  expect(manifest).toMatchObject({ name, publisher: 'acme' });
  expect(manifest.golden.length).toBeGreaterThan(0);
});

it('no other capsule ships', () => {
  expect(() => shippedCapsule('../secrets', 'acme')).toThrow(expect.objectContaining({ code: 'CAPSULE_INVALID' }));
});
