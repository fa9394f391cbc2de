import { type Command, InvalidArgumentError } from 'commander';
import type { DrillRun } from '../drill/kill-switch.ts';

interface KillSwitchDrill {
  readonly runs: number;
  readonly gateway?: readonly string[];
  readonly json?: true;
}

const count = (text: string): number => {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > 1_000) throw new InvalidArgumentError('expected 1 to 1000');
  return runs;
};

const spread = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place: number): number => Math.round((sorted[place] ?? 0) * 10) / 10;
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
  const { createLogger } = await import('../../telemetry/logger.ts');
  const { drillOnce } = await import('../drill/kill-switch.ts');
  const { KHIPU_URL: url = '', KHIPU_API_KEY: apiKey = '' } = process.env;
  const gateways = gateway ?? (url === '' ? [] : [url]);
  if (gateways.length === 0 || apiKey === '')
    throw Object.assign(new Error('no platform: set KHIPU_URL and KHIPU_API_KEY, or start one'), {
      code: 'PLATFORM_DOWN',
    });
  const config = loadConfig();
  const kafka = await connectKafka(config, 'drill', createLogger('drill', 'fatal'));
  try {
    const done: DrillRun[] = [];
    for (let n = 0; n < runs; n += 1) done.push(await drillOnce({ kafka, gateways, apiKey }));
    const told = report(gateways, done);
    if (json === true) return console.log(JSON.stringify(told, null, 2));
    const line = (name: string, { min_ms, median_ms, max_ms }: ReturnType<typeof spread>): string =>
      `${name.padEnd(32)} ${min_ms} / ${median_ms} / ${max_ms} ms`;
    console.log(`${runs} drills; from the request to the effect, min / median / max`);
    console.log(line('answer of the request', told.answer));
    for (const { url: place, ...times } of told.gateways) console.log(line(`first 503 at ${place}`, times));
    console.log(line('first denial by policy', told.policy));
  } finally {
    await kafka.close();
  }
}

/** `khipu drill`: exits with 1 when what is drilled takes no effect. */
export function register(program: Command): void {
  program
    .command('drill')
    .description('drills on a running platform')
    .command('kill-switch')
    .description('engage and release a switch over a model that nobody asks for, and measure the time to its effect')
    .option('--runs <n>', 'how often, 1 to 1000', count, 5)
    .option('--gateway <url...>', 'every gateway to look at; KHIPU_URL when not given')
    .option('--json', 'print as JSON')
    .action(killSwitch);
}
