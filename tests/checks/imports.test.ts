import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkImports, modulesMin } from './imports.ts';
import infraRoomsJson from './infra-rooms.json' with { type: 'json' };

const minima = Object.fromEntries(Object.keys(modulesMin).map((layer) => [layer, 1])) as unknown as typeof modulesMin;
const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** Writes a tree of TypeScript files: path → the module it imports, or null. Returns its root. */
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

const infraRooms: readonly string[] = infraRoomsJson;

const clean = {
  'schemas/topics.ts': null,
  'streams/kernel.ts': '../schemas/topics.ts',
  'schemas/ids.ts': 'node:crypto',
  'streams/kernel/seed.ts': 'node:crypto',
  'streams/tables/switches.ts': '../kernel.ts',
  'streams/jobs/jobs.ts': '../kernel.ts',
  'streams/jobs/jobs.test.ts': 'vitest',
  'streams/jobs/reader.ts': '../tables/switches.ts',
  'projections/kernel.ts': '../streams/kernel.ts',
  'projections/jobs/projection.ts': '../kernel.ts',
  'projections/jobs/queries.ts': '../../schemas/topics.ts',
  'infra/kafka/port.ts': null,
  'infra/kafka/kafkajs/log.ts': 'kafkajs',
  'infra/kafka/platformatic/log.ts': '@platformatic/kafka',
  'infra/runner/tables/followed.ts': '../../../streams/tables/switches.ts',
  'infra/stores/run.ts': '../../projections/kernel.ts',
  'gateways/http/routes.ts': '../../projections/jobs/queries.ts',
  'gateways/http/app.ts': '../../infra/kafka/port.ts',
  'gateways/console/app/vite.config.ts': 'node:path',
  'gateways/console/app/main.tsx': 'vitest',
  'gateways/console/app/api.ts': '../../../infra/client/ground.ts',
  'infra/bin/khipu.ts': '../../streams/jobs/jobs.ts',
  'tests/support/all.ts': '../../infra/bin/khipu.ts',
  ...Object.fromEntries(infraRooms.map((room) => [`infra/${room}/ground.ts`, null])),
};

/** At least one planted violation per rule: the rule, the file that breaks it, and its import. */
const plants: readonly (readonly [rule: string, path: string, target: string])[] = [
  ['schemas-import-nothing-of-ours', 'schemas/bad.ts', '../streams/kernel.ts'],
  ['streams-import-schemas', 'streams/jobs/bad.ts', '../../infra/kafka/port.ts'],
  ['contexts-meet-in-topics', 'streams/billing/billing.ts', '../jobs/jobs.ts'],
  ['kernel-imports-no-context', 'streams/kernel/bad.ts', '../jobs/jobs.ts'],
  ['kernel-imports-no-context', 'streams/kernel/bad-table.ts', '../tables/switches.ts'],
  ['tables-import-the-kernel', 'streams/tables/bad.ts', '../jobs/jobs.ts'],
  ['pure-code-has-no-package', 'projections/jobs/bad-package.ts', 'kafkajs'],
  ['pure-code-touches-nothing', 'streams/jobs/bad-builtin.ts', 'node:fs'],
  ['projections-import-schemas-and-kernel', 'projections/jobs/bad.ts', '../../streams/jobs/jobs.ts'],
  ['projections-import-schemas-and-kernel', 'projections/jobs/bad-table.ts', '../../streams/tables/switches.ts'],
  ['infra-imports-the-kernels', 'infra/kafka/bad.ts', '../../streams/jobs/jobs.ts'],
  ['gateways-never-import-streams', 'gateways/http/bad-stream.ts', '../../streams/kernel.ts'],
  ['gateways-read-by-queries', 'gateways/http/bad-rows.ts', '../../projections/jobs/projection.ts'],
  ['console-app-runs-in-browsers', 'gateways/console/app/bad.ts', '../../../infra/kafka/port.ts'],
  ['console-app-has-no-builtin', 'gateways/console/app/bad-builtin.ts', 'node:fs'],
  ['console-app-stands-apart', 'gateways/console/bad.ts', './app/api.ts'],
  ...infraRooms
    .slice(0, -1)
    .map((room, index): [string, string, string] => [
      `infra-${room}-imports-downward`,
      `infra/${room}/bad-upward.ts`,
      `../${infraRooms[index + 1]}/ground.ts`,
    ]),
  ['infra-has-no-further-room', 'infra/attic/bad.ts', '../kit/ground.ts'],
  ['composition-roots-are-roots', 'infra/local/bad-root.ts', '../bin/khipu.ts'],
  ['kafkajs-behind-the-port', 'infra/stores/bad-client.ts', 'kafkajs'],
  ['platformatic-behind-the-port', 'infra/kafka/bad-client.ts', '@platformatic/kafka'],
  ['production-never-imports-tests', 'infra/bin/bad-test.ts', '../../tests/support/all.ts'],
  ['production-has-no-dev-dependency', 'infra/stores/bad-dev.ts', 'vitest'],
  ['no-unresolved', 'infra/stores/bad-path.ts', './absent.ts'],
  ['no-cycles', 'infra/stores/one.ts', './two.ts'],
];

describe('import rules', () => {
  let found: readonly string[] = [];
  beforeAll(async () => {
    const planted = Object.fromEntries(plants.map(([, path, target]) => [path, target]));
    const root = tree({ ...clean, ...planted, 'infra/stores/two.ts': './one.ts' });
    found = (await checkImports(root, minima)).problems;
  });

  it.each(plants)('%s: %s may not import %s', (rule, path) => {
    expect(found.some((problem) => problem.startsWith(`${rule}: ${path} → `))).toBe(true);
  });

  it('has a plant for each rule', async () => {
    const { default: config } = (await import('../../.dependency-cruiser.cjs' as string)) as {
      default: { forbidden: { name: string }[] };
    };
    const planted = new Set(plants.map(([rule]) => rule));
    expect([...planted].sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
  });

  it('accepts a tree without violations', async () => {
    const report = await checkImports(tree(clean), minima);
    expect(report.problems).toEqual([]);
    expect(report.modules).toBe(Object.keys(clean).length);
  });

  it('fails when it saw no module', async () => {
    const { problems } = await checkImports(tree({}));
    expect(problems).toHaveLength(Object.keys(modulesMin).length);
  });

  it('fails when a layer is missing', async () => {
    const rest = Object.fromEntries(Object.entries(clean).filter(([path]) => !path.startsWith('gateways/')));
    expect((await checkImports(tree(rest), minima)).problems).toEqual(['gateways/: saw 0 modules, expected 1 or more']);
  });
});
