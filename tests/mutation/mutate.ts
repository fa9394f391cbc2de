/**
 * `npm run mutate`: changes the code in thousands of small ways and checks that the unit tests catch each change. Fails
 * when they catch less than SCORE_LEAST percent of a scope. The report is in `.khipu/mutation/`.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { LogLevel, MutantResult, PartialStrykerOptions } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { projectRoot } from '../checks/files.ts';
import { SCORE_LEAST, type Scope, scopes } from './scopes.ts';
import { byFolder, lineOf, survivorOf, total } from './score.ts';

const usage = `Usage: npm run mutate -- [--only scope,…] [--files glob,…] [--short] [--survivors] [--incremental]

Scopes:
${scopes.map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n')}

  --only scope,…  these scopes alone
  --files glob,…  of them only these files, such as streams/sessions/*.ts
  --short         the quick scopes alone, as npm test runs them
  --survivors     name every mutant that no test caught
  --incremental   keep the results, and run only what changed since
  --help          show this`;

const reports = join('.khipu', 'mutation');
const NEVER = ['**/*.test.ts', '**/*testing.ts', '**/*-contract.ts'];
/** Returns the files that a glob list matches; globs after `!` exclude files. */
const filesOf = (globs: readonly string[]): readonly string[] => {
  const out = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  return globSync(
    globs.filter((glob) => !glob.startsWith('!')),
    { cwd: projectRoot, exclude: out },
  ).sort();
};

async function mutate(scope: Scope, only: readonly string[] | undefined, incremental: boolean) {
  const chosen = filesOf([...scope.mutate, ...NEVER.map((glob) => `!${glob}`)]);
  const wanted = only && new Set(filesOf(only));
  const options: PartialStrykerOptions = {
    testRunner: 'in-process',
    plugins: [join(import.meta.dirname, 'in-process', 'plugin.ts')],
    ignorers: ['assertNever'],
    inProcess: { files: filesOf(scope.tests) },
    mutate: chosen.filter((file) => wanted?.has(file) ?? true),
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // The runner ends a run that waits; this ends one that loops.
    timeoutMS: 5_000,
    // Reloaded modules stay in memory.
    maxTestRunnerReuse: 400,
    incremental,
    incrementalFile: join(reports, `${scope.name}.incremental.json`),
    reporters: ['json', 'html'],
    jsonReporter: { fileName: join(reports, `${scope.name}.json`) },
    htmlReporter: { fileName: join(reports, `${scope.name}.html`) },
    tempDirName: join(reports, 'sandbox'),
    cleanTempDir: 'always',
    ignorePatterns: ['docs', 'helm', 'site', 'coverage', '.khipu', 'tests/mutation'],
    // Stryker declares it as a const enum, which has no value to import.
    logLevel: 'warn' as unknown as LogLevel,
  };
  if (options.mutate?.length === 0) return [];
  return new Stryker(options).runMutationTest();
}

function show(scope: Scope, mutants: readonly MutantResult[], survivors: boolean): boolean {
  const score = total(scope.name, mutants);
  const ok = score.percent >= SCORE_LEAST;
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${lineOf(score)}`);
  for (const folder of byFolder(projectRoot, mutants)) console.log(`        ${lineOf(folder)}`);
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  if (survivors) for (const mutant of missed) console.log(`          ${survivorOf(projectRoot, mutant)}`);
  return ok;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    files: { type: 'string' },
    survivors: { type: 'boolean', default: false },
    incremental: { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const names = values.only?.split(',') ?? scopes.filter(({ quick }) => quick || !values.short).map(({ name }) => name);
const unknown = names.filter((name) => !scopes.some((scope) => scope.name === name));
if (values.help) {
  console.log(usage);
} else if (unknown.length > 0) {
  console.error(`error SCOPE_UNKNOWN: ${unknown.join(', ')}\n\n${usage}`);
  process.exitCode = 2;
} else {
  const startedMs = performance.now();
  for (const scope of scopes.filter(({ name }) => names.includes(name))) {
    const mutants = await mutate(scope, values.files?.split(','), values.incremental);
    if (!show(scope, mutants, values.survivors)) process.exitCode = 1;
  }
  console.log(`\nin ${((performance.now() - startedMs) / 60_000).toFixed(1)} minutes; reports in ${reports}/`);
}
