import { type Command, InvalidArgumentError } from 'commander';
import type { DrillRun } from '../drill/kill-switch.ts';
import { wholeNumber } from '../parse.ts';

interface KillSwitchDrill {
  readonly runs: number;
  readonly gateway?: readonly string[];
  readonly json?: true;
}

const count = (text: string): number => {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > 1_000)
    throw new InvalidArgumentError('expected a whole number from 1 to 1000');
  return runs;
};

const spread = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => Math.round((sorted[index] ?? 0) * 10) / 10;
  return { min_ms: at(0), median_ms: at(Math.floor(sorted.length / 2)), max_ms: at(sorted.length - 1) };
};

function report(gateways: readonly string[], runs: readonly DrillRun[]) {
  return {
    runs: runs.length,
    answer: spread(runs.map(({ answer }) => answer)),
    gateways: gateways.map((url, n) => ({ url, ...spread(runs.map((run) => run.gateways[n] ?? 0)) })),
    policy: spread(runs.map(({ policy }) => policy)),
  };
}

async function killSwitch({ runs, gateway, json }: KillSwitchDrill): Promise<void> {
  const { loadConfig } = await import('../../config.ts');
  const { connectKafka } = await import('../../kafka/connect.ts');
  const { createLogger } = await import('../../kit/logger.ts');
  const { drillOnce } = await import('../drill/kill-switch.ts');
  const { platformDown } = await import('../api/platform-down.ts');
  const { apiKeyOf } = await import('../api/api-key.ts');
  const { KHIPU_URL: url = '' } = process.env;
  const gateways = gateway ?? (url === '' ? [] : [url]);
  if (gateways.length === 0) throw platformDown('KHIPU_URL');
  const apiKey = apiKeyOf(process.env);
  const config = loadConfig();
  const kafka = await connectKafka(config, 'drill', createLogger('drill', 'fatal'));
  try {
    const done: DrillRun[] = [];
    for (let n = 0; n < runs; n += 1) done.push(await drillOnce({ kafka, gateways, apiKey }));
    const result = report(gateways, done);
    if (json === true) return console.log(JSON.stringify(result, null, 2));
    const line = (name: string, { min_ms, median_ms, max_ms }: ReturnType<typeof spread>): string =>
      `${name.padEnd(32)} ${min_ms} / ${median_ms} / ${max_ms} ms`;
    console.log(`${runs} drills; time from the request to the effect, min / median / max`);
    console.log(line('response to the request', result.answer));
    for (const { url, ...times } of result.gateways) console.log(line(`first 503 at ${url}`, times));
    console.log(line('first denial by policy', result.policy));
  } finally {
    await kafka.close();
  }
}

async function deadLetter({ json }: { readonly json?: true }): Promise<void> {
  const { makeDeadLetter } = await import('../drill/dead-letter.ts');
  const { withLog } = await import('../roles/with-log.ts');
  const { topic, partition, offset, code, key } = await withLog((log) => makeDeadLetter(log));
  const name = `${topic}/${partition}/${offset}`;
  console.log(json === true ? JSON.stringify({ name, code, key }, null, 2) : name);
}

interface RegionDrill {
  readonly seconds: number;
  readonly clients: number;
  readonly json?: true;
}

async function regionFailover({ seconds, clients, json }: RegionDrill): Promise<void> {
  const { regionFailover: run } = await import('../drill/region/failover.ts');
  const { failoverLines, isClean } = await import('../drill/region/lines.ts');
  const onProgress = (line: string): void => console.error(line);
  const report = await run({ seconds, clients, onProgress, signal: new AbortController().signal });
  console.log(json === true ? JSON.stringify(report, null, 2) : failoverLines(report).join('\n'));
  process.exit(isClean(report) ? 0 : 1);
}

/** Registers `khipu drill`, which exits with 1 when a drilled measure has no effect. */
export function register(program: Command): void {
  const drill = program.command('drill').description('run drills on a running platform');
  drill
    .command('kill-switch')
    .description('engage and release a switch over a model that no request uses, and measure the time to its effect')
    .option('--runs <n>', 'number of drills, 1 to 1000', count, 5)
    .option('--gateway <url...>', 'every gateway to measure; default: KHIPU_URL')
    .option('--json', 'print as JSON')
    .action(killSwitch);
  drill
    .command('dead-letter')
    .description('append a record that no reader can decode, and print the name of its dead letter')
    .option('--json', 'print as JSON')
    .action(deadLetter);
  drill
    .command('region-failover')
    .description(
      'run two regions on this machine, kill one under load, give its mirrored log to the other, and check it',
    )
    .option('--seconds <n>', 'length of the load before the loss', wholeNumber, 20)
    .option('--clients <n>', 'clients that start sessions, one after the other each', wholeNumber, 4)
    .option('--json', 'print as JSON')
    .action(regionFailover);
}
