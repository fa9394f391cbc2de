/**
 * `npm run chaos:kill`: kills, stalls and disconnects the processes of four groups on a real broker, at critical
 * moments, and counts the results with an external client. Exit code 1 when any record was lost, doubled or moved.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { faultLines } from './faults/fault-lines.ts';
import { actNames } from './faults/fault-triggers.ts';
import { type ChaosReport, runChaos } from './run.ts';

const plantNames = ['no-fencing'];

const usage = `Usage: npm run chaos:kill -- [--faults 1000] [--seed TEXT] [--driver kafkajs|platformatic] [--json]
       npm run chaos:brokers -- [--faults 9] …

  --faults N   how many faults (default 1000: about half an hour)
  --seed TEXT  repeats the choice of faults
  --driver D   client behind the log port (default kafkajs)
  --brokers N  1 or 3 (default 1)
  --only ACT   only faults of this kind: ${actNames.join(', ')}
  --plant NAME a bug planted in the processes (kafkajs): ${plantNames.join(', ')}; the run should fail
  --json       the report as JSON on standard output; progress goes to standard error`;

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '1000' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    driver: { type: 'string', default: 'kafkajs' },
    brokers: { type: 'string', default: '1' },
    only: { type: 'string' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const faults = Number(values.faults);
const brokers = Number(values.brokers);
const { driver, seed } = values;
const only = actNames.find((act) => act === values.only);
const isUsed =
  Number.isInteger(faults) &&
  faults > 0 &&
  (driver === 'kafkajs' || driver === 'platformatic') &&
  (brokers === 1 || brokers === 3) &&
  (values.only === undefined || only !== undefined) &&
  (values.plant === undefined || plantNames.includes(values.plant));
const plants = values.plant === undefined ? [] : [`${import.meta.dirname}/plants/${values.plant}.ts`];

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

function text(report: ChaosReport): string {
  const { verdict, takeoversMs } = report;
  const { lost, doubled, moved, rowsWrong, count, keys } = verdict;
  const records = count.hops.reduce((sum, hop) => sum + hop.records, 0);
  return [
    ...faultLines(report),
    `${report.load.records} records in (${report.load.refused} appends refused and repeated), ${records} out, ${keys} keys, ${report.processesStarted} processes started`,
    `${lost} lost, ${doubled} doubled, ${moved} out of order; ${count.acknowledged_lost} acknowledged records lost; ${count.miscounted} miscounted, ${count.states_wrong.length} states wrong, ${rowsWrong.length} rows wrong, ${count.dead_letters} dead letters`,
    ...(takeoversMs.length > 0
      ? [
          `takeover after kill -9: p50 ${at(takeoversMs, 0.5)} ms, max ${at(takeoversMs, 1)} ms over ${takeoversMs.length}`,
        ]
      : []),
    verdict.ok ? 'passed' : `FAILED: logs in ${report.dir}\n${JSON.stringify(verdict, null, 2)}`,
  ].join('\n');
}

if (values.help) console.log(usage);
else if (!isUsed) {
  console.error(`error USAGE: ${usage}`);
  process.exitCode = 2;
} else {
  console.error(`seed ${seed}`);
  const onLine = (line: string): void => console.error(`${new Date().toISOString()} ${line}`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => stop.abort(new Error(`ended by ${name}`)));
  const { signal } = stop;
  const report = await runChaos({ seed, faults, driver, brokers, only, plants, onLine, signal }).catch(
    (error: unknown) => {
      if (!signal.aborted) throw error;
      console.error(`error CHAOS_ENDED: ${signal.reason}`);
      process.exit(130);
    },
  );
  console.log(values.json ? JSON.stringify(report) : text(report));
  if (report.verdict.ok) rmSync(report.dir, { recursive: true, force: true });
  process.exit(report.verdict.ok ? 0 : 1);
}
