import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { sourcesDigest } from './built.ts';

const files = {
  'gateways/console/app/main.tsx': 'render()',
  'infra/client/settle.ts': 'export {}',
  'schemas/capabilities.ts': 'export {}',
  'package-lock.json': '{}',
};

function digestOf(tree: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'khipu-built-'));
  try {
    for (const [path, content] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return sourcesDigest(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

it.each(Object.keys(files))('a change of %s is another build', (path) => {
  expect(digestOf({ ...files, [path]: 'changed' })).not.toBe(digestOf(files));
});

it('the same sources elsewhere, and a changed test, are the same build', () => {
  expect(digestOf(files)).toBe(digestOf(files));
  expect(digestOf({ ...files, 'schemas/capabilities.test.ts': 'it()' })).toBe(digestOf(files));
});
