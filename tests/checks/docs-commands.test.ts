import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../infra/bin/command-list.ts';
import { projectRoot, readPages } from './files.ts';

const pages = readPages();
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
const names = Object.keys(commands);

/** Returns every match in the pages, with the pages that contain it. */
function named(pattern: RegExp): [name: string, where: string][] {
  const found = new Map<string, Set<string>>();
  for (const { path, text } of pages)
    for (const [, name = ''] of text.matchAll(pattern)) found.set(name, (found.get(name) ?? new Set()).add(path));
  return [...found].map(([name, where]) => [name, [...where].join(', ')]);
}

it('the README says what deletes data', () => {
  expect(read('README.md').replace(/\s+/g, ' ')).toContain('`npm run reset` deletes all local data');
});

it('tables of the pages have a header, except in decisions', () => {
  const without = pages.filter(
    ({ path, text }) => !path.startsWith('docs/adr/') && /^\|(?: *\|)+\n\|[ -]*-/m.test(text),
  );
  expect(without.map(({ path }) => path)).toEqual([]);
});

describe('the pages name', () => {
  it('pages that were read', () => {
    expect(pages.length).toBeGreaterThan(40);
    expect(names.length).toBeGreaterThan(5);
  });

  it.each(named(/`?npm run (?:--silent )?([\w:-]+)/g))('the script %s, which package.json has (%s)', (name) => {
    expect(Object.keys(scripts)).toContain(name);
  });

  it.each(named(/\.\/khipu (\w[\w-]*)/g))('the command khipu %s, which exists (%s)', (name) => {
    expect(names).toContain(name);
  });
});
