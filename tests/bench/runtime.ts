/**
 * `npm run bench:runtime`: compares the runtime with Kafka Streams, bare kafkajs and COPY, one figure per file. A
 * figure that fails is reported and does not discard the others; the exit code is then 1. Missed aims do not fail the
 * run.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../infra/kit/errors.ts';
import { startParts } from '../../infra/local/parts/parts.ts';
import type { Figure, Sizes } from './runtime/figure.ts';
import { gateway } from './runtime/measures/gateway.ts';
import { hop } from './runtime/measures/hop.ts';
import { memory } from './runtime/measures/memory.ts';
import { projectionRebuild } from './runtime/measures/rebuild.ts';
import { restore } from './runtime/measures/restore.ts';
import { sse } from './runtime/measures/sse.ts';
import { throughput } from './runtime/measures/throughput.ts';
import { workers } from './runtime/measures/worker.ts';
import { asMarkdown, asText, type Outcome, type Report, usage } from './runtime/report.ts';

const figures: readonly Figure[] = [hop, throughput, restore, memory, workers, projectionRebuild, gateway, sse];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    records: { type: 'string' },
    runs: { type: 'string' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function fail(code: string, message: string): never {
  console.error(`error ${code}: ${message}\n\n${usage(figures)}`);
  process.exit(2);
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text.replaceAll(/[_,]/g, ''));
  if (!Number.isInteger(value) || value < 1) fail('OPTION_INVALID', `--${name} ${text} is no positive whole number`);
  return value;
}

if (values.help) {
  console.log(usage(figures));
  process.exit(0);
}
const wanted = values.only?.split(',') ?? figures.map(({ name }) => name);
const unknown = wanted.filter((name) => !figures.some((figure) => figure.name === name));
if (unknown.length > 0) fail('FIGURE_UNKNOWN', unknown.join(', '));
const chosen = figures.filter(({ name }) => wanted.includes(name));
const sizes: Sizes = {
  quick: values.quick,
  runs: positive('runs', values.runs, values.quick ? 1 : 5),
  records: positive('records', values.records, values.quick ? 2_000 : 1_000_000),
};

const began = performance.now();
const note = (text: string): void =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
const command = ['npm run bench:runtime', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
  ' ',
);
const outcomes: Outcome[] = [];
const report = (): Report => ({ date: new Date().toISOString(), command, sizes, outcomes });

/** Saves after each figure, so that an interrupted run keeps its measurements. */
function save(): void {
  if (values.out === undefined) return;
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'runtime.json'), `${JSON.stringify(report(), null, 2)}\n`);
  writeFileSync(join(values.out, 'runtime.md'), `${asMarkdown(report())}\n`);
}

async function measure(figure: Figure, env: Awaited<ReturnType<typeof startParts>>['env'], dir: string): Promise<void> {
  const start = performance.now();
  note(`${figure.name}: ${figure.about}`);
  const done = (rows: Outcome['rows'], failure: string | null): void => {
    outcomes.push({ figure: figure.name, seconds: (performance.now() - start) / 1_000, rows, failure });
    save();
  };
  try {
    mkdirSync(dir, { recursive: true });
    done(await figure.run({ sizes, env, dir, note: (text) => note(`  ${text}`) }), null);
  } catch (error) {
    console.error(error);
    done([], messageOf(error));
  }
}

const dir = mkdtempSync(join(tmpdir(), 'khipu-bench-'));
// As root, Postgres runs under its own user and needs access to its folder.
chmodSync(dir, 0o755);
const parts = await startParts({ dir, only: [...new Set(chosen.flatMap(({ needs }) => needs))] });
try {
  for (const figure of chosen) await measure(figure, parts.env, join(dir, 'figures', figure.name));
} finally {
  await parts.stop();
  rmSync(dir, { recursive: true, force: true });
}
console.log(values.json ? JSON.stringify(report()) : values.markdown ? asMarkdown(report()) : asText(report()));
process.exit(outcomes.some(({ failure }) => failure !== null) ? 1 : 0);
