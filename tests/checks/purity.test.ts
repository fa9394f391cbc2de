import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPurity, impurities } from './purity.ts';

const inStreams = (text: string): string[] => impurities({ path: 'streams/jobs/jobs.ts', text });

describe('purity', () => {
  it.each([
    ['Date.now', 'const at = Date.now();'],
    ['new Date()', 'const at = new Date();'],
    ['new Date()', 'const at = new Date;'],
    ['Date()', 'const at = Date();'],
    ['Math.random', 'const pick = Math.random();'],
    ['randomUUID', "import { randomUUID } from 'node:crypto';"],
    ['randomUUID', 'const id = crypto.randomUUID();'],
    ['randomBytes', 'const id = crypto.randomBytes(8);'],
    ['performance', 'const at = performance.now();'],
    ['setTimeout', 'setTimeout(() => 1, 10);'],
    ['setTimeout', 'const later = setTimeout;'],
    ['process', 'const mode = process.env.MODE;'],
    ['fetch', "const answer = fetch('http://localhost');"],
    ['console', "console.log('decided');"],
    ['globalThis', "const clock = globalThis['Date'];"],
  ])('refuses %s in: %s', (impurity, text) => {
    expect(inStreams(`\n${text}`)).toContainEqual(
      `streams/jobs/jobs.ts:2: ${impurity} differs from one run to the next`,
    );
  });

  it.each([
    'const at = new Date(meta.timeMs).toISOString();',
    'const at = Date.parse(meta.time);',
    "import { createHash } from 'node:crypto';",
    'interface Handler { process: string; fetch(): void }',
    'const spec = { process: 1, performance: 2 };',
    '// Date.now() would differ between replays',
    "const doc = 'Math.random()';",
  ])('lets through: %s', (text) => {
    expect(inStreams(text)).toEqual([]);
  });

  it('reads production code of streams/ and projections/, and fails when it saw none', () => {
    const root = mkdtempSync(join(tmpdir(), 'khipu-purity-'));
    try {
      expect(checkPurity(root).problems).toEqual(['saw 0 files, expected 5 or more']);
      for (const folder of ['streams', 'projections', 'infra']) {
        mkdirSync(join(root, folder));
        writeFileSync(join(root, folder, 'clock.ts'), 'export const at = Date.now();\n');
        writeFileSync(join(root, folder, 'clock.test.ts'), 'export const at = Date.now();\n');
      }
      const { seen, problems } = checkPurity(root, 2);
      expect(seen).toBe(2);
      expect(problems.map((problem) => problem.split(':')[0])).toEqual(['projections/clock.ts', 'streams/clock.ts']);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
