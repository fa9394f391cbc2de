import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace, type Workspace } from './workspace.ts';

const root = mkdtempSync(join(tmpdir(), 'workspaces-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.runIf(process.platform === 'linux')('a workspace', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace(join(root, 'sessions'), 's-1');
    writeFileSync(join(root, 'secret'), 'secret');
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside', 'file'), 'secret');
    mkdirSync(join(workspace.folder, 'a', 'b'), { recursive: true });
    writeFileSync(join(workspace.folder, 'a', 'b', 'c.txt'), 'mine');
    symlinkSync(join(root, 'secret'), join(workspace.folder, 'link'));
    symlinkSync('/proc/self/environ', join(workspace.folder, 'environ'));
    symlinkSync(join(root, 'outside'), join(workspace.folder, 'folder'));
    symlinkSync('a', join(workspace.folder, 'inner'));
    linkSync(join(root, 'secret'), join(workspace.folder, 'hard'));
  });

  it('is the same at its next use, and lists files without following links', async () => {
    const again = await openWorkspace(join(root, 'sessions'), 's-1');
    expect(again.folder).toBe(workspace.folder);
    expect(await again.list()).toEqual(['a/b/c.txt', 'hard']);
    expect(again.used()).toBeGreaterThan(0);
    expect((await again.read('a/b/c.txt', 4)).toString()).toBe('mine');
  });

  it.each([
    'link',
    'environ',
    'folder/file',
    'inner/b/c.txt',
    'hard',
    'a',
    '../../secret',
    '/etc/hosts',
    'a/../link',
    '',
  ])('does not read through %j', (path) =>
    expect(workspace.read(path, 1_000)).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' }),
  );

  it('reads no file that is larger than asked for, and none that is missing', async () => {
    await expect(workspace.read('a/b/c.txt', 3)).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' });
    await expect(workspace.read('missing', 3)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each(['', '..', 'a/b', 'a b', '.hidden', 'x'.repeat(129)])('has no name like %j', (name) =>
    expect(openWorkspace(root, name)).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' }),
  );

  it('is no link and no file', async () => {
    symlinkSync(join(root, 'outside'), join(root, 'linked'));
    await expect(openWorkspace(root, 'linked')).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' });
    await expect(openWorkspace(root, 'secret')).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' });
  });

  it('is deleted with its files, and nothing that they link to', async () => {
    const other = await openWorkspace(root, 'other');
    symlinkSync(join(root, 'outside'), join(other.folder, 'folder'));
    await other.remove();
    await expect(other.list()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await (await openWorkspace(root, 'outside')).list()).toEqual(['file']);
  });
});
