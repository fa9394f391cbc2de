import { join } from 'node:path';

export interface Step {
  readonly name: string;
  readonly what: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Runs beside other steps with a lower priority: they go first where both want the processor. */
  readonly yields?: true;
}

const node = process.execPath;
const bin = (name: string): string => join('node_modules', '.bin', name);

const logs = join('.khipu', 'logs');
/** File of the results of all tests, for the count at the end. */
export const vitestReport = join(logs, 'vitest.json');
/** Of the unit tests: what other tests cover beside it does not count. */
export const coverageSummary = join('coverage', 'coverage-summary.json');
/** Results of the files that ran again. */
export const secondReport = join(logs, 'vitest-again.json');
/** Results of each run of tests, before they are put together. */
export const partsOfReport = join(logs, 'vitest-parts');

/** Checks that need no platform. Two run at a time. */
export const staticSteps: readonly Step[] = (
  [
    { name: 'docs', what: 'the documentation builds with no warning', command: node, args: ['docs/website/build.ts'] },
    {
      name: 'schemathesis',
      what: 'gateways conform to their OpenAPI document for any input',
      command: node,
      // The short form; 30 by default, more on demand.
      args: ['--disable-warning=ExperimentalWarning', 'tests/contract/schemathesis/run.ts', '--examples', '12'],
    },
    { name: 'typecheck', what: 'TypeScript, strict', command: bin('tsc'), args: ['--noEmit'] },
    {
      name: 'mutation-types',
      what: 'TypeScript of the mutation tests, which have packages of their own',
      command: bin('tsc'),
      args: ['--noEmit', '-p', 'tests/mutation'],
    },
    {
      name: 'console-types',
      what: 'TypeScript of the console, which runs in browsers',
      command: bin('tsc'),
      args: ['--noEmit', '-p', 'gateways/console/app'],
    },
    { name: 'lint', what: 'Biome: format and lint', command: bin('biome'), args: ['check', '.'] },
    {
      name: 'generated',
      what: 'generated files are up to date',
      command: node,
      args: ['schemas/generate.ts', '--check'],
    },
    { name: 'imports', what: 'imports run one way', command: node, args: ['tests/checks/imports.ts'] },
    {
      name: 'schemas',
      what: 'contracts are compatible with the released ones',
      command: node,
      args: ['schemas/compatibility.ts'],
    },
    { name: 'purity', what: 'no clock or randomness in processors', command: node, args: ['tests/checks/purity.ts'] },
    { name: 'glossary', what: 'one concept, one word', command: node, args: ['tests/checks/glossary.ts'] },
    { name: 'words', what: 'plain technical English', command: node, args: ['tests/checks/words.ts'] },
    { name: 'hygiene', what: 'nothing unfinished or secret', command: node, args: ['tests/checks/hygiene.ts'] },
    { name: 'secrets', what: 'no credentials in any file', command: node, args: ['tests/checks/secrets.ts'] },
    {
      name: 'pages',
      what: 'generated pages are up to date',
      command: node,
      args: ['docs/generate/pages.ts', '--check'],
    },
    {
      name: 'add-a-context',
      what: 'a context is added by its files and at most four edits',
      command: node,
      args: ['tests/add-a-context/run.ts'],
    },
    {
      name: 'mutation',
      what: 'unit tests catch mutants in the transaction code',
      command: node,
      args: ['tests/mutation/mutate.ts', '--short'],
    },
  ] satisfies Step[]
).map((step) => ({ ...step, yields: true }));

const COVERAGE = ['--coverage.enabled', '--coverage.reporter=text-summary', '--coverage.reporter=json-summary'];

const vitest = (name: string, what: string, projects: readonly string[], more: readonly string[] = []): Step => ({
  ...{ name, what, command: bin('vitest') },
  args: [
    'run',
    ...projects.map((project) => `--project=${project}`),
    '--reporter=default',
    '--reporter=blob',
    `--outputFile.blob=${join(partsOfReport, `${name}.json`)}`,
    ...more,
  ],
});

export const unitStep: Step = {
  ...vitest('unit', 'unit and contract tests', ['unit', 'isolated'], COVERAGE),
  yields: true,
};

/** Tests of real parts. They wait for them most of the time, so the other steps run beside them. */
export const systemStep = vitest('system', 'integration and end to end tests', ['integration', 'e2e']);

export const consoleStep = vitest('console', 'the console in a browser', ['console']);

export const commandsStep = vitest('commands', 'commands as a user types them', ['commands']);

/** Faults in platforms of their own: beside the unit tests, since takeovers are waits. */
export const chaosStep = vitest('chaos', 'faults in running platforms', ['chaos']);

/** Puts the results of all runs together. */
export const reportStep: Step = {
  ...{ name: 'report', what: 'results of all tests', command: bin('vitest') },
  args: ['run', `--merge-reports=${partsOfReport}`, '--reporter=json', `--outputFile.json=${vitestReport}`],
};

/** Runs files of tests again, with nothing beside them. */
export const againStep = (files: readonly string[]): Step => ({
  ...{ name: 'again', what: 'files that failed, run again alone', command: bin('vitest') },
  args: [
    ...['run', ...files, '--no-file-parallelism'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${secondReport}`],
  ],
});

export const testSteps = [unitStep, consoleStep, commandsStep, chaosStep, systemStep] as const;

export const stepNames: readonly string[] = [...staticSteps, ...testSteps].map(({ name }) => name);
