/**
 * `npm test`: every check and every test, in steps, with one line per step and the count at the end. Exit code 1 when
 * anything failed. The output of each step is in `.khipu/logs/test-<step>.log`. The tests of real parts
 * run beside the checks and the unit tests, which yield to them; faults, commands and the console run in whichever of these two
 * lanes is free. A file that fails runs again at the end, alone: what passes then is reported as flaky with its first failure,
 * what fails twice has failed.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from './checks/files.ts';
import { lastLines, runStep, type StepResult } from './checks/run-step.ts';
import {
  againStep,
  chaosStep,
  commandsStep,
  consoleStep,
  coverageSummary,
  partsOfReport,
  reportStep,
  type Step,
  secondReport,
  staticSteps,
  stepNames,
  systemStep,
  testSteps,
  unitStep,
  vitestReport,
} from './checks/steps.ts';
import {
  add,
  coverageShares,
  failedFilesOf,
  failuresOf,
  lineOf,
  nothing,
  type Tally,
  tallyVitest,
  withSecondRun,
} from './checks/tally.ts';

const HEARTBEAT_MS = 30_000;
const STATIC_AT_ONCE = 2;
/** More files that fail are no matter of a busy machine. */
const AGAIN_FILES_MAX = 8;

const usage = `Usage: npm test -- [--only step,…]

Runs every check and every test. Steps:
${[...staticSteps, ...testSteps].map(({ name, what }) => `  ${name.padEnd(14)} ${what}`).join('\n')}

  --only step,…  run these steps alone (coverage is then reported, not required)
  --help         show this`;

const mark = (ok: boolean): string => (ok ? 'ok    ' : 'FAILED');
const fromRoot = (path: string): string | undefined => {
  try {
    return readFileSync(join(projectRoot, path), 'utf8');
  } catch {
    return undefined;
  }
};

function show({ step, ok, seconds, logPath }: StepResult, note: string = step.what): void {
  console.log(`${mark(ok)}  ${step.name.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s  ${note}`);
  if (!ok) console.log(`${lastLines(logPath)}\n`);
}

/** Runs two steps at a time and prints each as it ends. */
async function runStatic(steps: readonly Step[]): Promise<Tally> {
  const waiting = [...steps];
  let tally = nothing;
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const result = await runStep(step);
      show(result);
      tally = add(tally, { ...nothing, [result.ok ? 'passed' : 'failed']: 1 });
    }
  };
  await Promise.all(Array.from({ length: STATIC_AT_ONCE }, lane));
  return tally;
}

/** Returns the number of files whose tests have ended in a run that writes to this log. */
const filesDone = ({ name }: Step): number =>
  fromRoot(join('.khipu', 'logs', `test-${name}.log`))?.match(/^ [✓❯×] /gmu)?.length ?? 0;

/** Runs the tests of a step. Their results are counted with those of all others. */
async function runTests(step: Step): Promise<StepResult> {
  const startedMs = performance.now();
  const heartbeat = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`  …     ${step.name.padEnd(14)} ${String(seconds).padStart(4)}   s  ${filesDone(step)} files done`);
  }, HEARTBEAT_MS);
  const result = await runStep(step).finally(() => clearInterval(heartbeat));
  show(result, `${filesDone(step)} files`);
  return result;
}

/** Returns true for a run that ended with an error outside its tests, which no second run of a file explains. */
const hasUnhandledError = ({ logPath }: StepResult): boolean =>
  /^Vitest caught \d+ unhandled errors?/mu.test(fromRoot(logPath) ?? '');

/** Runs the files that failed again. Returns the report with their second results, and true if nothing else failed. */
async function runAgain(first: string | undefined, results: readonly StepResult[]) {
  const ok = results.every((result) => result.ok);
  const files = failedFilesOf(first, projectRoot);
  if (first === undefined || files.length === 0 || files.length > AGAIN_FILES_MAX || results.some(hasUnhandledError))
    return { json: first, ok };
  const second = await runTests(againStep(files));
  const again = fromRoot(secondReport);
  if (again === undefined) return { json: first, ok };
  const json = withSecondRun(first, again);
  const twice = failedFilesOf(json, projectRoot);
  for (const failure of failuresOf(first, projectRoot))
    if (!twice.some((file) => failure.startsWith(file))) console.log(`FLAKY   ${failure}`);
  return { json, ok: second.ok };
}

/** Counts the results of all runs of tests, and their coverage. */
async function report(results: readonly StepResult[], coverageRequired: boolean): Promise<Tally> {
  await runStep(reportStep);
  const { json, ok } = await runAgain(fromRoot(vitestReport), results);
  const tally = tallyVitest(json, ok);
  for (const failure of failuresOf(json, projectRoot)) console.log(`FAILED  ${failure}`);
  console.log(`${mark(tally.failed === 0)}  tests                    ${lineOf(tally)}`);
  return add(tally, tallyCoverage(coverageRequired));
}

function tallyCoverage(required: boolean): Tally {
  const json = fromRoot(coverageSummary);
  if (json === undefined) {
    if (required) console.log(`${mark(false)}  coverage       no summary was written`);
    return { ...nothing, failed: required ? 1 : 0 };
  }
  const shares = coverageShares(json, projectRoot);
  for (const { name, percent, least, ok } of shares)
    console.log(`${mark(ok)}  coverage       ${percent.toFixed(1).padStart(6)} %  ${name}, at least ${least} %`);
  if (!required) return nothing;
  return { ...nothing, passed: shares.filter(({ ok }) => ok).length, failed: shares.filter(({ ok }) => !ok).length };
}

const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean' } } });
if (values.help === true) {
  console.log(usage);
} else {
  const only = values.only?.split(',') ?? stepNames;
  const unknown = only.filter((name) => !stepNames.includes(name));
  if (unknown.length > 0) {
    console.error(`error STEP_UNKNOWN: ${unknown.join(', ')}\n\n${usage}`);
    process.exit(2);
  }
  const startedMs = performance.now();
  const wanted = ({ name }: Step): boolean => only.includes(name);
  for (const path of [vitestReport, secondReport, coverageSummary, partsOfReport])
    rmSync(join(projectRoot, path), { force: true, recursive: true });
  const ran: StepResult[] = [];
  let tally = nothing;
  const ofRealParts = [systemStep, chaosStep, commandsStep, consoleStep].filter(wanted);
  const checksAndUnits = async (): Promise<void> => {
    tally = await runStatic(staticSteps.filter(wanted));
    if (wanted(unitStep)) ran.push(await runTests(unitStep));
    // The shortest is left for the lane that is done first.
    for (let step = ofRealParts.pop(); step !== undefined; step = ofRealParts.pop()) ran.push(await runTests(step));
  };
  const realParts = async (): Promise<void> => {
    for (let step = ofRealParts.shift(); step !== undefined; step = ofRealParts.shift()) ran.push(await runTests(step));
  };
  await Promise.all([realParts(), checksAndUnits()]);
  if (ran.length > 0) tally = add(tally, await report(ran, values.only === undefined));
  console.log(`\nin ${((performance.now() - startedMs) / 60_000).toFixed(1)} minutes; logs in .khipu/logs/`);
  console.log(lineOf(tally));
  if (tally.failed > 0) process.exitCode = 1;
}
