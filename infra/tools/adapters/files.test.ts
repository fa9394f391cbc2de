import { expect, it } from 'vitest';
import { WORKSPACE_PATH } from '../../../schemas/contexts/files.ts';
import { prepareManifest } from '../manifest/signing.ts';
import { shippedManifest } from '../shipped/shipped.ts';
import { filesAdapter, workspaceOf } from './files.ts';

it.each(['a', 'notes/today.md', 'Añño 1/файл.txt', '.hidden', 'a..b/c'])('takes the path %j', (path) => {
  expect(WORKSPACE_PATH.test(path)).toBe(true);
});

it.each([
  '',
  '/etc/passwd',
  '..',
  '../a',
  'a/../b',
  'a/..',
  './a',
  'a//b',
  'a/',
  'a\\b',
  'C:\\a',
  'a\0b',
  'a\nb',
  '...',
  'a/...',
])('refuses the path %j', (path) => {
  expect(WORKSPACE_PATH.test(path)).toBe(false);
});

it('has a workspace for each session, and one for each principal outside of sessions', () => {
  expect(workspaceOf({ sessionId: 's', principal: 'p' })).toBe('session.s');
  expect(workspaceOf({ sessionId: null, principal: 'p' })).toBe('principal.p');
});

it('refuses a tier that it cannot give, and settings that it does not know', async () => {
  const adapter = filesAdapter({ files: async () => [], piece: async () => null });
  const { manifest } = prepareManifest(shippedManifest('files', { tier: 'kernel' }));
  await expect(adapter.audit(manifest)).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  const other = prepareManifest(shippedManifest('files', { config: { root: '/etc' } })).manifest;
  expect(() => adapter.connect(other, 'acme')).toThrow('config');
});
