import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, readSources } from './files.ts';

const pages = readSources(projectRoot, (path) => path === 'README.md' || /^docs\/.*\.md$/.test(path));
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
const commands = [...read('infra/bin/khipu.ts').matchAll(/^ {2}(\w+): entry\(/gm)].map(([, name]) => name);

/** Every match in the pages, with the pages it stands on. */
function named(pattern: RegExp): [name: string, where: string][] {
  const found = new Map<string, Set<string>>();
  for (const { path, text } of pages)
    for (const [, name = ''] of text.matchAll(pattern)) found.set(name, (found.get(name) ?? new Set()).add(path));
  return [...found].map(([name, where]) => [name, [...where].join(', ')]);
}

describe('the pages name', () => {
  it('pages that were read', () => {
    expect(pages.length).toBeGreaterThan(40);
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(named(/`?npm run ([\w:-]+)/g))('the script %s, which package.json has (%s)', (name) => {
    expect(Object.keys(scripts)).toContain(name);
  });

  it.each(named(/npm run khipu -- (\w+)/g))('the command khipu %s, which is there (%s)', (name) => {
    expect(commands).toContain(name);
  });

  it.each(
    named(/`((?:tests|streams|schemas|infra|gateways|projections|docs)\/[\w./-]+\.(?:ts|py|json|avsc|yml|sh|md))`/g),
  )('the file %s, which is there (%s)', (path) => {
    expect(() => read(path)).not.toThrow();
  });
});
