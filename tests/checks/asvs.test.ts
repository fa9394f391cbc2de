import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from './files.ts';

/** Lines of OWASP ASVS 5.0 of levels 1 and 2, by section. */
const LINES = `
  1.1:1-2 1.2:1-9 1.3:1-11 1.4:1-3 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 3.5:1-5 3.7:1-2 4.1:1-3
  4.2:1 4.3:1-2 4.4:1-4 5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 6.5:1-5 6.6:1-3 6.8:1-4 7.1:1-3
  7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1 8.4:1 9.1:1-3 9.2:1-4 10.1:1-2 10.2:1-2 10.3:1-4
  10.4:1-11 10.5:1-5 10.6:1-2 10.7:1-3 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 12.1:1-3 12.2:1-2 12.3:1-4
  13.1:1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4
  16.4:1-3 16.5:1-3 17.1:1 17.2:1-4 17.3:1-2`;

const span = (section: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${section}.${from + index}`);

const wanted = LINES.trim()
  .split(/\s+/)
  .flatMap((each) => {
    const [section = '', range = ''] = each.split(':');
    const [from = 0, to = from] = range.split('-').map(Number);
    return span(section, from, to);
  });

/** Expands `1.3.1, 1.3.4–1.3.6` to single lines. */
const linesOf = (cell: string): string[] =>
  cell.split(', ').flatMap((part) => {
    const [first = '', last = first] = part.split('–');
    return span(first.replace(/\.\d+$/, ''), Number(first.split('.').at(-1)), Number(last.split('.').at(-1)));
  });

const page = readFileSync(join(projectRoot, 'docs', 'reference', 'security.md'), 'utf8');
const rows = page.split('\n').flatMap((line) => {
  const [numbers = '', , state = '', proof = ''] = line.replace(/^\| | \|$/g, '').split(' | ');
  return /^\d+\.\d+\.\d+/.test(numbers) ? [{ numbers, state, proof }] : [];
});
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`((?:\.?[\w-]+\/)+[\w.-]+\.\w+|[\w.-]+\.(?:json|dockerignore))`/g)].flatMap(
    ([, file]) => file ?? [],
  );

describe('the security check list', () => {
  it('states once for every line of levels 1 and 2 whether it holds', () => {
    expect(wanted).toHaveLength(253);
    expect(rows.flatMap(({ numbers }) => linesOf(numbers)).sort()).toEqual(wanted.toSorted());
  });

  it.each(rows)('$numbers names an existing proof, or the gap', ({ state, proof }) => {
    expect(['☑', '☐', '—']).toContain(state);
    expect(proof).not.toBe('');
    // Files of the keys folder, and the list of packages, are not files of the repository.
    for (const file of filesIn(proof))
      if (file.includes('/')) expect([file, existsSync(join(projectRoot, file))]).toEqual([file, true]);
  });
});
