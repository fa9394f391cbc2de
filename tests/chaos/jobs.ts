/**
 * `npm run chaos:jobs`: kills, stalls and disconnects the processors and workers of a platform that runs jobs with steps,
 * parallel steps, retries, sleeps, signals and children, and restarts its broker. Exit code 1 when a result was lost or
 * doubled, a finished step ran again, or a job did not end.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { faultLines } from './faults/fault-lines.ts';
import { type JobsChaosReport, runJobsChaos } from './jobs/run.ts';

const plantNames = ['run-taken-again'];

const usage = `Usage: npm run chaos:jobs -- [--faults 1000] [--seed TEXT] [--driver kafkajs|platformatic] [--json]

  --faults N   how many faults (default 1000: more than an hour)
  --seed TEXT  repeats the choice of faults
  --driver D   client behind the log port (default kafkajs)
  --plant NAME a bug planted in the processes: ${plantNames.join(', ')}; the run should fail
  --json       the report as JSON on standard output; progress goes to standard error`;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '1000' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    driver: { type: 'string', default: 'kafkajs' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const faults = Number(values.faults);
const { driver, seed } = values;
const isUsed =
  Number.isInteger(faults) &&
  faults > 2 &&
  (driver === 'kafkajs' || driver === 'platformatic') &&
  (values.plant === undefined || plantNames.includes(values.plant));
const plants = values.plant === undefined ? [] : [`${import.meta.dirname}/plants/${values.plant}.ts`];

const isPassed = ({ verdict, rowsDiffer }: JobsChaosReport): boolean => verdict.ok && rowsDiffer === 0;

function text(report: JobsChaosReport): string {
  const { verdict, suspended } = report;
  return [
    ...faultLines(report),
    `${verdict.jobs} jobs with ${verdict.children} children and ${verdict.steps} steps; ${report.processesStarted} processes started, ${report.revived} of them after an end of their own`,
    `${verdict.unrecorded} effects without a recorded result, ${verdict.byZombies} by processes that had been stopped; suspended and resumed: ${JSON.stringify(suspended)}`,
    `${report.rowsDiffer} rows differ from a rebuild`,
    isPassed(report)
      ? 'passed: no result lost or doubled, no finished step run again, every job ended'
      : `FAILED: logs in ${report.dir}\n${JSON.stringify(verdict.problems, null, 2)}`,
  ].join('\n');
}

if (values.help) console.log(usage);
else if (!isUsed) {
  console.error(`error USAGE: ${usage}`);
  process.exitCode = 2;
} else {
  console.error(`seed ${seed}`);
  const onLine = (line: string): void => console.error(`${new Date().toISOString()} ${line}`);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
  const report = await runJobsChaos({ seed, faults, driver, plants, onLine });
  console.log(values.json ? JSON.stringify(report) : text(report));
  if (isPassed(report)) rmSync(report.dir, { recursive: true, force: true });
  process.exit(isPassed(report) ? 0 : 1);
}
