import { join } from 'node:path';

export interface Step {
  readonly name: string;
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
}

const node = process.execPath;
const bin = (name: string): string => join('node_modules', '.bin', name);

/** Where vitest leaves its results, for the count at the end. */
export const vitestReport = join('.khipu', 'logs', 'vitest.json');
export const coverageSummary = join('coverage', 'coverage-summary.json');

/** What can be said without running anything. Two run at a time. */
export const staticSteps: readonly Step[] = [
  { name: 'docs', what: 'the documentation builds with no warning', command: node, args: ['tests/checks/docs.ts'] },
  {
    name: 'schemathesis',
    what: 'gateways keep to their OpenAPI document, whatever they are sent',
    command: node,
    args: ['--disable-warning=ExperimentalWarning', 'tests/contract/schemathesis/run.ts'],
  },
  { name: 'typecheck', what: 'TypeScript, strict', command: bin('tsc'), args: ['--noEmit'] },
  {
    name: 'mutation-types',
    what: 'TypeScript of the mutation tests, which have packages of their own',
    command: bin('tsc'),
    args: ['--noEmit', '-p', 'tests/mutation'],
  },
  { name: 'lint', what: 'Biome: format and lint', command: bin('biome'), args: ['check', '.'] },
  {
    name: 'generated',
    what: 'what is generated is up to date',
    command: node,
    args: ['schemas/generate.ts', '--check'],
  },
  { name: 'imports', what: 'imports run one way', command: node, args: ['tests/contract/imports.ts'] },
  { name: 'schemas', what: 'contracts fit what was released', command: node, args: ['schemas/compatibility.ts'] },
  { name: 'purity', what: 'no clock or randomness in processors', command: node, args: ['tests/checks/purity.ts'] },
  { name: 'hygiene', what: 'nothing unfinished or secret', command: node, args: ['tests/checks/hygiene.ts'] },
  { name: 'secrets', what: 'no credentials in any file', command: node, args: ['tests/checks/secrets.ts'] },
  {
    name: 'pages',
    what: 'generated pages are up to date',
    command: node,
    args: ['tests/checks/pages.ts', '--check'],
  },
  {
    name: 'mutation',
    what: 'unit tests notice what is broken in transactions',
    command: node,
    args: ['tests/mutation/mutate.ts', '--short'],
  },
];

/** Unit, contract, integration and e2e tests in one run: one coverage for all. */
export const vitestStep: Step = {
  name: 'vitest',
  what: 'every test, with coverage',
  command: bin('vitest'),
  args: [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
    '--coverage.enabled',
    '--coverage.reporter=text-summary',
    '--coverage.reporter=json-summary',
  ],
};

export const stepNames: readonly string[] = [...staticSteps, vitestStep].map(({ name }) => name);
