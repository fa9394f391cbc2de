/**
 * `npm run chaos:agents`: kills, stalls and disconnects the processors, tool workers and approval notifiers of a platform that
 * runs agents with irreversible calls and approvals, and kills its gateways. Exit code 1 when a payment was made twice or was
 * lost, an approval was lost or used for other arguments, or a run did not end once.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type AgentsChaosReport, runAgentsChaos } from './agents/run.ts';
import { faultLines } from './faults/fault-lines.ts';

const plantNames = ['call-sent-again'];

const usage = `Usage: npm run chaos:agents -- [--faults 500] [--seed TEXT] [--driver kafkajs|platformatic] [--json]

  --faults N   how many faults (default 500: about an hour); one in five kills a gateway
  --seed TEXT  repeats the choice of faults
  --driver D   client behind the log port (default kafkajs)
  --plant NAME a bug planted in the processes: ${plantNames.join(', ')}; the run should fail
  --json       the report as JSON on standard output; progress goes to standard error`;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '500' },
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

const isPassed = ({ verdict, missingNotices }: AgentsChaosReport): boolean => verdict.ok && missingNotices === 0;

function text(report: AgentsChaosReport): string {
  const { verdict, gateways, notices } = report;
  return [
    ...faultLines(report),
    `${verdict.runs} runs, ${verdict.payments} payments, ${verdict.unknown} outcomes unknown, ${notices} notices; ${gateways} gateways killed, ${report.processesStarted} processes started, ${report.revived} of them after an end of their own`,
    isPassed(report)
      ? 'passed: no payment made twice or lost, no approval lost or used for other arguments, every run ended once'
      : `FAILED: ${report.missingNotices} notices missing; logs in ${report.dir}\n${JSON.stringify(verdict.problems, null, 2)}`,
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
  const report = await runAgentsChaos({ seed, faults, driver, plants, onLine });
  console.log(values.json ? JSON.stringify(report) : text(report));
  if (isPassed(report)) rmSync(report.dir, { recursive: true, force: true });
  process.exit(isPassed(report) ? 0 : 1);
}
