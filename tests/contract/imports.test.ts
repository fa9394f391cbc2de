import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports, modulesMin } from './imports.ts';

const minima = Object.fromEntries(Object.keys(modulesMin).map((layer) => [layer, 1])) as unknown as typeof modulesMin;
const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** A tree of TypeScript files: path → the module it imports, or null. */
function tree(files: Readonly<Record<string, string | null>>): string {
  const root = mkdtempSync(join(tmpdir(), 'khipu-imports-'));
  roots.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write(
    'package.json',
    JSON.stringify({ dependencies: { kafkajs: '1', '@platformatic/kafka': '1' }, devDependencies: { vitest: '1' } }),
  );
  for (const name of ['kafkajs', '@platformatic/kafka', 'vitest']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
  for (const [path, target] of Object.entries(files))
    write(path, target === null ? 'export const it = 1;\n' : `import * as it from '${target}';\nexport { it };\n`);
  return root;
}

const clean = {
  'schemas/topics.ts': null,
  'streams/kernel.ts': '../schemas/topics.ts',
  'streams/kernel/ids.ts': 'node:crypto',
  'streams/jobs/jobs.ts': '../kernel.ts',
  'streams/jobs/jobs.test.ts': 'vitest',
  'projections/kernel.ts': '../streams/kernel.ts',
  'projections/jobs/projection.ts': '../kernel.ts',
  'projections/jobs/queries.ts': '../../schemas/topics.ts',
  'infra/kafka/log.ts': 'kafkajs',
  'infra/kafka/platformatic/log.ts': '@platformatic/kafka',
  'infra/postgres/run.ts': '../../projections/kernel.ts',
  'gateways/http/routes.ts': '../../projections/jobs/queries.ts',
  'gateways/http/app.ts': '../../infra/kafka/log.ts',
  'infra/bin/khipu.ts': '../../streams/jobs/jobs.ts',
  'tests/support/all.ts': '../../infra/bin/khipu.ts',
};

/** One planted violation a rule: the rule, the file that breaks it, and what it imports. */
const plants: readonly (readonly [rule: string, path: string, target: string])[] = [
  ['schemas-import-nothing-of-ours', 'schemas/bad.ts', '../streams/kernel.ts'],
  ['streams-import-schemas', 'streams/jobs/bad.ts', '../../infra/kafka/log.ts'],
  ['contexts-meet-in-topics', 'streams/billing/billing.ts', '../jobs/jobs.ts'],
  ['kernel-imports-no-context', 'streams/kernel/bad.ts', '../jobs/jobs.ts'],
  ['pure-code-has-no-package', 'projections/jobs/bad-package.ts', 'kafkajs'],
  ['pure-code-touches-nothing', 'streams/jobs/bad-builtin.ts', 'node:fs'],
  ['projections-import-schemas-and-kernel', 'projections/jobs/bad.ts', '../../streams/jobs/jobs.ts'],
  ['infra-imports-the-kernels', 'infra/kafka/bad.ts', '../../streams/jobs/jobs.ts'],
  ['gateways-never-import-streams', 'gateways/http/bad-stream.ts', '../../streams/kernel.ts'],
  ['gateways-read-by-queries', 'gateways/http/bad-rows.ts', '../../projections/jobs/projection.ts'],
  ['composition-roots-are-roots', 'infra/local/bad-root.ts', '../bin/khipu.ts'],
  ['kafkajs-behind-the-port', 'infra/postgres/bad-client.ts', 'kafkajs'],
  ['platformatic-behind-the-port', 'infra/kafka/bad-client.ts', '@platformatic/kafka'],
  ['production-never-imports-tests', 'infra/bin/bad-test.ts', '../../tests/support/all.ts'],
  ['production-has-no-dev-dependency', 'infra/redis/bad-dev.ts', 'vitest'],
  ['no-unresolved', 'infra/redis/bad-path.ts', './nowhere.ts'],
  ['no-cycles', 'infra/redis/one.ts', './two.ts'],
];

describe('import rules', () => {
  let found: readonly string[] = [];
  beforeAll(async () => {
    const planted = Object.fromEntries(plants.map(([, path, target]) => [path, target]));
    const root = tree({ ...clean, ...planted, 'infra/redis/two.ts': './one.ts' });
    found = (await checkImports(root, minima)).problems;
  }, 60_000);

  it.each(plants)('%s: %s may not import %s', (rule, path) => {
    expect(found.some((problem) => problem.startsWith(`${rule}: ${path} → `))).toBe(true);
  });

  it('has a plant for each rule', async () => {
    const { default: config } = (await import('../../.dependency-cruiser.cjs' as string)) as {
      default: { forbidden: { name: string }[] };
    };
    expect(plants.map(([rule]) => rule).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  it('lets through a tree that keeps them', async () => {
    const report = await checkImports(tree(clean), minima);
    expect(report.problems).toEqual([]);
    expect(report.modules).toBe(Object.keys(clean).length);
  });

  it('refuses to say that all is well when it saw no module', async () => {
    const { problems } = await checkImports(tree({}));
    expect(problems).toHaveLength(Object.keys(modulesMin).length);
  });

  it('refuses to say that all is well when a layer is missing', async () => {
    const { 'gateways/http/routes.ts': _, 'gateways/http/app.ts': __, ...rest } = clean;
    expect((await checkImports(tree(rest), minima)).problems).toEqual(['gateways/: saw 0 modules, expected 1 or more']);
  });
});
