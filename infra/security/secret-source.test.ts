import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { secretSource } from './secret-source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'khipu-secret-'));
  writeFileSync(join(folder, 'key'), 'of-a-file\n');
  writeFileSync(join(folder, 'empty'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const source = secretSource({ MODEL_KEY: 'of-a-variable', EMPTY: '' });

it('reads a variable, and a file without its line end', async () => {
  expect(await source.resolve({ from: 'environment', name: 'MODEL_KEY' })).toBe('of-a-variable');
  expect(await source.resolve({ from: 'file', path: join(folder, 'key') })).toBe('of-a-file');
});

it('names a reference that has no value', async () => {
  for (const name of ['EMPTY', 'ABSENT'])
    await expect(source.resolve({ from: 'environment', name })).rejects.toThrow(`${name}: expected a secret`);
  for (const file of ['empty', 'absent'])
    await expect(source.resolve({ from: 'file', path: join(folder, file) })).rejects.toThrow(`${file}: expected a`);
});
