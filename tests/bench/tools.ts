/**
 * `npm run bench:tools`: what governance adds to a call of a tool, with the share of each part, beside the service alone in
 * the same run; and the start of a sandbox of each tier. A tier that is not there is reported as such. Missed aims do not
 * fail the run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { codeOf, messageOf } from '../../infra/kit/errors.ts';
import { tiers } from '../../infra/sandbox/port.ts';
import { runInterleaved } from './runtime/interleaved-runs.ts';
import { asMarkdown, asText, type Report } from './runtime/report.ts';
import { measureCalls, measureSandbox, type Samples } from './tools/calls.ts';
import { toolRows } from './tools/rows.ts';
import { clients } from './turn/rows.ts';

const figures = {
  call: 'a governed call of a tool beside the request of the service alone, with both Kafka clients',
  sandbox: 'start of a sandbox of each tier, to the end of a program that does nothing',
} as const;

const usage = `Usage: npm run bench:tools -- [options]

Measures calls of tools and sandboxes. Standard output has the result, standard error the progress.

  --only ${Object.keys(figures).join(',')}  figures to measure; all of them by default
  --runs N         runs of each side, alternating; medians are reported (3)
  --calls N        calls of a run, one at a time (200)
  --starts N       sandboxes of a run and a tier (100)
  --quick          small sizes: shows that everything works, without a measurement
  --json           the result as JSON
  --markdown       the result as the table of docs/reference/benchmarks.md
  --out DIR        also write tools.json and tools.md there
  --help           show this

${Object.entries(figures)
  .map(([name, about]) => `  ${name.padEnd(8)} ${about}`)
  .join('\n')}`;

const fail = (detail: string): never => {
  console.error(`error USAGE: ${detail}\n\n${usage}`);
  process.exit(2);
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string' },
    calls: { type: 'string' },
    starts: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const count = (given: string | undefined, full: number, quick: number): number => {
  const number = Number(given ?? (values.quick ? quick : full));
  return Number.isSafeInteger(number) && number > 0 ? number : fail(`expected a number from 1, got ${given}`);
};
const only = new Set(values.only?.split(',') ?? Object.keys(figures));
for (const name of only)
  if (!Object.hasOwn(figures, name)) fail(`expected some of ${Object.keys(figures).join(', ')}, got ${name}`);
const sizes = {
  runs: count(values.runs, 3, 1),
  calls: count(values.calls, 200, 5),
  starts: count(values.starts, 100, 3),
};

const began = performance.now();
const note = (text: string): void =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
const failures: string[] = [];

/** Runs a side; a tier that is not there, and a failure, cost its samples and are reported. */
const run = (name: string, measured: () => Promise<Samples>) => async (): Promise<Samples> => {
  try {
    return await measured();
  } catch (error) {
    if (codeOf(error) !== 'SANDBOX_UNAVAILABLE') failures.push(`${name}: ${messageOf(error)}`);
    note(`${name}: ${messageOf(error)}`);
    return {};
  }
};

const sides: Record<string, () => Promise<Samples>> = {};
if (only.has('call'))
  for (const [name, client] of Object.entries(clients))
    sides[name] = run(name, () => measureCalls(client, sizes.calls, Math.ceil(sizes.calls / 4)));
if (only.has('sandbox')) for (const tier of tiers) sides[tier] = run(tier, () => measureSandbox(tier, sizes.starts, 3));

const rows = toolRows(await runInterleaved(sizes.runs, sides, note));
const report: Report = {
  ...{ date: new Date().toISOString(), sizes },
  command: ['npm run bench:tools', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  outcomes: [
    {
      ...{ figure: [...only].join(', '), seconds: (performance.now() - began) / 1_000, rows },
      failure: failures.length === 0 ? null : failures.join('; '),
    },
  ],
};
if (values.out !== undefined) {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'tools.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(values.out, 'tools.md'), `${asMarkdown(report)}\n`);
}
console.log(values.json ? JSON.stringify(report) : values.markdown ? asMarkdown(report) : asText(report));
process.exit(failures.length === 0 ? 0 : 1);
