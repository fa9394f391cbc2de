/**
 * Measures what a platform costs that has nothing to do: the processor time of each of its processes, read from /proc, over
 * a quiet time. One platform after another, of each Kafka client.
 */
import { parseArgs } from 'node:util';
import { startTestPlatform } from '../support/platform.ts';
import { treeSeconds } from './idle/process-trees.ts';

const clients = ['kafkajs', 'platformatic'] as const;
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    settle: { type: 'string', default: '60' },
    client: { type: 'string', multiple: true, default: [...clients] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('usage: npm run bench:idle -- [--seconds 60] [--settle 60] [--client kafkajs|platformatic …] [--json]');
  process.exit(0);
}
const seconds = Number(values.seconds);

const pause = (s: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, s * 1_000));

/** Share of a core that each process took, %, by its name. */
type Shares = Readonly<Record<string, number>>;

async function measure(client: string): Promise<Shares> {
  const platform = await startTestPlatform({ env: { KHIPU_KAFKA_CLIENT: client } });
  try {
    // Start-up work, class archives and the broker's compiler come to rest.
    await pause(Number(values.settle));
    const pids = new Map(platform.processes().map(({ name, mark }) => [mark?.pid ?? -1, name]));
    const before = treeSeconds([...pids.keys()]);
    const beganMs = performance.now();
    await pause(seconds);
    const after = treeSeconds([...pids.keys()]);
    const tookSeconds = (performance.now() - beganMs) / 1_000;
    return Object.fromEntries(
      [...pids].map(([pid, name]): [string, number] => [
        name,
        (((after.get(pid) ?? Number.NaN) - (before.get(pid) ?? Number.NaN)) / tookSeconds) * 100,
      ]),
    );
  } finally {
    await platform.stop();
  }
}

const total = (shares: Shares): number => Object.values(shares).reduce((sum, share) => sum + share, 0);
const measured = new Map<string, Shares>();
for (const client of values.client) measured.set(client, await measure(client));
if (values.json)
  console.log(
    JSON.stringify([...measured].map(([client, shares]) => ({ client, seconds, shares, total: total(shares) }))),
  );
else {
  const row = (name: string, shares: readonly number[]): void =>
    console.log(`${name.padEnd(28)}${shares.map((share) => share.toFixed(1).padStart(14)).join('')}`);
  console.log(`Processor time over ${seconds} idle seconds, % of a core`);
  console.log(`${''.padEnd(28)}${[...measured.keys()].map((client) => client.padStart(14)).join('')}`);
  const all = [...measured.values()];
  for (const name of new Set(all.flatMap(Object.keys)))
    row(
      name,
      all.map((shares) => shares[name] ?? Number.NaN),
    );
  row('all processes', all.map(total));
}
process.exit(0);
