/**
 * `npm run chaos:jobs`: kills, stalls and disconnects the processors and workers of a platform that runs jobs with steps,
 * parallel steps, retries, sleeps, signals and children, and restarts its broker. Exit code 1 when a result was lost or
 * doubled, a finished step ran again, or a job did not end.
 */

import { chaosCommand } from './command.ts';
import { faultLines } from './faults/fault-lines.ts';
import { type JobsChaosReport, runJobsChaos } from './jobs/run.ts';

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

await chaosCommand({
  name: 'chaos:jobs',
  faults: { default: 1_000, lasts: 'more than an hour' },
  plants: ['run-taken-again'],
  run: runJobsChaos,
  ...{ isPassed, text },
});
