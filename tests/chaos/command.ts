import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** What a run over a platform under load takes. */
export interface ChaosOptions {
  readonly seed: string;
  readonly faults: number;
  readonly driver: 'kafkajs' | 'platformatic';
  /** Modules that every attacked process loads first: see tests/chaos/plants. */
  readonly plants?: readonly string[];
  readonly onLine?: (line: string) => void;
}

/** A command that strikes a platform with faults and judges what came of its load. */
export interface ChaosCommand<Report extends { readonly dir: string }> {
  /** Name of the npm script, such as chaos:jobs. */
  readonly name: string;
  /** Their number by default, how long that takes, and what else the help says of them. */
  readonly faults: { readonly default: number; readonly lasts: string; readonly note?: string };
  readonly plants: readonly string[];
  readonly run: (options: ChaosOptions) => Promise<Report>;
  readonly isPassed: (report: Report) => boolean;
  readonly text: (report: Report) => string;
}

const usageOf = ({ name, faults, plants }: Pick<ChaosCommand<never>, 'name' | 'faults' | 'plants'>): string =>
  `Usage: npm run ${name} -- [--faults ${faults.default}] [--seed TEXT] [--driver kafkajs|platformatic] [--json]

  --faults N   how many faults (default ${faults.default}: ${faults.lasts})${faults.note === undefined ? '' : `; ${faults.note}`}
  --seed TEXT  repeats the choice of faults
  --driver D   client behind the log port (default kafkajs)
  --plant NAME a bug planted in the processes: ${plants.join(', ')}; the run should fail
  --json       the report as JSON on standard output; progress goes to standard error`;

/** Runs the command with the arguments of this process, and ends it: 0 when the run passed, 1 when not, 2 for its use. */
export async function chaosCommand<Report extends { readonly dir: string }>(
  command: ChaosCommand<Report>,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      faults: { type: 'string', default: String(command.faults.default) },
      seed: { type: 'string', default: randomBytes(4).toString('hex') },
      driver: { type: 'string', default: 'kafkajs' },
      plant: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const usage = usageOf(command);
  if (values.help) return console.log(usage);
  const faults = Number(values.faults);
  const { driver, seed, plant } = values;
  if (
    !(Number.isInteger(faults) && faults > 2) ||
    (driver !== 'kafkajs' && driver !== 'platformatic') ||
    (plant !== undefined && !command.plants.includes(plant))
  ) {
    console.error(`error USAGE: ${usage}`);
    process.exitCode = 2;
    return;
  }
  console.error(`seed ${seed}`);
  const plants = plant === undefined ? [] : [`${import.meta.dirname}/plants/${plant}.ts`];
  const onLine = (line: string): void => console.error(`${new Date().toISOString()} ${line}`);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
  const report = await command.run({ seed, faults, driver, plants, onLine });
  const isPassed = command.isPassed(report);
  console.log(values.json ? JSON.stringify(report) : command.text(report));
  if (isPassed) rmSync(report.dir, { recursive: true, force: true });
  process.exit(isPassed ? 0 : 1);
}
