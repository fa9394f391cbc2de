/** `npm run cedar:differential`: exit code 1 when our engine and Cedar disagree, with the smallest case that shows it. */

import { parseArgs } from 'node:util';
import { messageOf } from '../../infra/kit/errors.ts';
import { type Counterexample, type DifferentialReport, runDifferential } from './differential.ts';
import { isPlant, planted, plants } from './plants.ts';

const usage = `Usage: npm run cedar:differential -- [--cases n] [--seed n] [--path path] [--plant name] [--json]

Compares verdicts on random Cedar policies and requests: our engine with its own evaluator of conditions, our engine with
that switched off, and Cedar alone.

  --cases n     how many (100000)
  --seed n      of the whole run (1): the same seed gives the same cases
  --path path   the one case that a failed run printed
  --plant name  with an error planted in our evaluator, which must be found: one of
${plants.map((name) => `                ${name}`).join('\n')}
  --json        the result as one line of JSON
  --help        show this`;

const PROGRESS_EVERY = 10_000;

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Error(`--${name} takes a whole number from 1, not ${text}`);
  return number;
}

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    path: { type: 'string' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const verdict = ({ outcome, clauses }: Counterexample['cedar']): string => `${outcome} [${clauses.join(', ')}]`;

function failureLines({ policies, request, cedar, own, switchedOff, path }: Counterexample): readonly string[] {
  const repeated = values.plant === undefined ? '' : ` --plant ${values.plant}`;
  return [
    'the verdicts differ on',
    ...policies.map(({ id, text }) => `  ${id}: ${text}`),
    `  request ${JSON.stringify(request)}`,
    `  Cedar alone:        ${verdict(cedar)}`,
    `  our engine:         ${verdict(own)}`,
    `  its own switched off: ${verdict(switchedOff)}`,
    `repeat: npm run cedar:differential -- --seed ${values.seed} --path ${path}${repeated}`,
  ];
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

function reportLines({ cases, reach, counterexample }: DifferentialReport, seconds: number): readonly string[] {
  const { own, cedar } = reach.policies;
  const share = ((100 * own) / Math.max(1, own + cedar)).toFixed(1);
  return [
    ...(counterexample === null ? [] : failureLines(counterexample)),
    `policies by our own code: ${own} of ${own + cedar} (${share} %)`,
    `  reached there: ${counted(reach.operators.own)}`,
    `  handed to Cedar: ${counted(reach.operators.cedar)}`,
    `verdicts: ${counted(reach.verdicts)}`,
    `seed ${values.seed}: ${cases} cases in ${seconds} s: ${counterexample === null ? 'every verdict is the same' : 'a verdict differs'}`,
  ];
}

function main(): void {
  const { plant, path } = values;
  if (plant !== undefined && !isPlant(plant)) throw new Error(`no plant ${plant}; there are ${plants.join(', ')}`);
  const began = performance.now();
  const report = runDifferential({
    cases: numberOf('cases', values.cases),
    seed: numberOf('seed', values.seed),
    path,
    compile: plant && planted(plant),
    onProgress: (cases) => {
      if (!values.json && cases % PROGRESS_EVERY === 0) console.error(`  … ${cases} cases`);
    },
  });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (report.counterexample !== null) process.exitCode = 1;
  if (values.json) console.log(JSON.stringify({ seed: Number(values.seed), seconds, ...report }));
  else console.log(reportLines(report, seconds).join('\n'));
}

if (values.help) console.log(usage);
else
  try {
    main();
  } catch (error) {
    console.error(`error CEDAR_DIFFERENTIAL: ${messageOf(error)}`);
    process.exitCode = 2;
  }
