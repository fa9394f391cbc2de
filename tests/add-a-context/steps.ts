import type { Step } from '../checks/steps.ts';
import { contextFiles, registeredFiles } from './tree.ts';

const node = process.execPath;
const tests = (path: string): boolean => path.endsWith('.test.ts');

/** Existing tests that map over whatever is declared: each must pass with the context as it is without. */
const MAPPING = [
  'schemas/governed.test.ts',
  'streams/totality.test.ts',
  'streams/audit/audit.test.ts',
  'tests/checks/declared.test.ts',
  'tests/contract/http/every-route.test.ts',
  'tests/contract/http/common-to-all.test.ts',
  'infra/governance/constitution/default.test.ts',
  'docs/generate/examples/examples.test.ts',
  'docs/generate/openapi/openapi.test.ts',
];

const script = (name: string, what: string, ...args: readonly string[]): Step => ({ name, what, command: node, args });

/** Returns the steps that prove the context, in order. Each runs in the copy of the tree. */
export const contextSteps = (): readonly Step[] => [
  script('generate', 'types, lists and the topic reference are written', 'schemas/generate.ts'),
  script(
    'pages',
    'OpenAPI, client, HTTP reference, examples, drawing and compose are written',
    'docs/generate/pages.ts',
  ),
  script('generated', 'a second run changes nothing', 'schemas/generate.ts', '--check'),
  script('typecheck', 'TypeScript, strict', 'node_modules/typescript/bin/tsc', '--noEmit', '--incremental', 'false'),
  {
    ...{ name: 'lint', what: 'Biome: format and lint of the files and the edits', command: 'node_modules/.bin/biome' },
    args: [
      'check',
      '--vcs-enabled=false',
      ...[...contextFiles(), ...registeredFiles().map(({ path }) => path)].filter(isLinted),
    ],
  },
  script('imports', 'imports run one way', 'tests/checks/imports.ts'),
  script('purity', 'no clock or randomness in the processor', 'tests/checks/purity.ts'),
  script('glossary', 'every folder and topic is of a context', 'tests/checks/glossary.ts'),
  script('schemas', 'the new records pass the contract gate', 'schemas/compatibility.ts'),
  script('words', 'plain technical English', 'tests/checks/words.ts', ...contextFiles()),
  script('hygiene', 'nothing unfinished or secret', 'tests/checks/hygiene.ts'),
  script(
    ...(['tests', 'tests of the context, and tests that map over whatever is declared'] as const),
    ...['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...contextFiles().filter(tests), ...MAPPING],
  ),
];

const isLinted = (path: string): boolean => path.endsWith('.ts');
