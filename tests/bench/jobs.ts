/**
 * `npm run bench:jobs`: durable jobs with both Kafka clients beside Restate, DBOS, graphile-worker and BullMQ, one system at
 * a time, alternating in one run. A system that fails is reported and does not discard the others; the exit code is then 1.
 * Missed aims do not fail the run.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../infra/kit/errors.ts';
import { measureCrowd } from './jobs/crowd.ts';
import { startKhipuJobs } from './jobs/khipu-side.ts';
import { FULL, measure, QUICK, type Samples } from './jobs/measures.ts';
import { peers, startPeer } from './jobs/peer-side.ts';
import { startRestateJobs } from './jobs/restate-side.ts';
import { jobRows } from './jobs/rows.ts';
import type { JobSystem } from './jobs/system.ts';
import { measureTakeover } from './jobs/takeover.ts';
import { measureWaiting } from './jobs/waiting.ts';
import { runInterleaved } from './runtime/interleaved-runs.ts';
import { asMarkdown, asText, type Report } from './runtime/report.ts';
import { clients, RESTATE } from './turn/rows.ts';

const figures = {
  steps: 'accept → first step; three durable steps, one after another and 64 at once',
  drain: 'insert and drain of jobs that do nothing',
  waiting: 'sleeping jobs: memory, processor time, drift; cancel → cancelled. Khipu alone',
  crowd: 'the interactive lane in a flood of batch work; one tenant beside thousands of jobs of another. Khipu alone',
  takeover: 'kill -9 of the worker in a step → another process runs it. Khipu alone',
} as const;
const systems = [...Object.keys(clients), RESTATE, ...Object.keys(peers)];

const usage = `usage: npm run bench:jobs -- [options]

Measures durable jobs beside the systems that they are compared with. npm fetches those at first use. Standard output has the
result, standard error the progress.

  --only ${Object.keys(figures).join(',')}   figures to measure; all of them by default
  --systems a,b      ${systems.join(', ')}
  --runs N           runs of each system, alternating; medians are reported (${FULL.runs})
  --drained N        jobs to insert and drain (${FULL.drained})
  --sleepers N       sleeping jobs (${FULL.sleepers})
  --quick            small sizes: shows that everything works, without a measurement
  --json             the result as JSON
  --markdown         the result as the table of docs/reference/benchmarks.md
  --out DIR          also write jobs.json and jobs.md there
  --help             show this

${Object.entries(figures)
  .map(([name, about]) => `  ${name.padEnd(10)} ${about}`)
  .join('\n')}`;

const fail = (detail: string): never => {
  console.error(`error USAGE: ${detail}\n\n${usage}`);
  process.exit(2);
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    systems: { type: 'string' },
    runs: { type: 'string' },
    drained: { type: 'string' },
    sleepers: { type: 'string' },
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

const chosen = (given: string | undefined, known: readonly string[]): ReadonlySet<string> => {
  const names = given?.split(',') ?? known;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) fail(`expected some of ${known.join(', ')}, got ${unknown.join(', ')}`);
  return new Set(names);
};
const count = (given: string | undefined, fallback: number): number => {
  const number = Number(given ?? fallback);
  return Number.isSafeInteger(number) && number > 0 ? number : fail(`expected a number from 1, got ${given}`);
};
const only = chosen(values.only, Object.keys(figures));
const wantedSystems = chosen(values.systems, systems);
const base = values.quick ? QUICK : FULL;
const sizes = {
  ...base,
  runs: count(values.runs, base.runs),
  drained: count(values.drained, base.drained),
  sleepers: count(values.sleepers, base.sleepers),
};

const began = performance.now();
const note = (text: string): void =>
  console.error(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${text}`);
const failures: string[] = [];
const wanted = { steps: only.has('steps'), drain: only.has('drain') };

/** Starts a system, measures it and stops it. A failure costs its samples, not the other systems. */
const run =
  <System extends JobSystem>(
    name: string,
    start: (dir: string) => Promise<System>,
    more?: (system: System) => Promise<Samples>,
  ) =>
  async (): Promise<Samples> => {
    const dir = mkdtempSync(join(tmpdir(), 'khipu-bench-jobs-'));
    try {
      const system = await start(dir);
      try {
        return { ...(await measure(system, sizes, wanted)), ...(await more?.(system)) };
      } finally {
        await system.stop();
      }
    } catch (error) {
      console.error(error);
      failures.push(`${name}: ${messageOf(error)}`);
      return {};
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };

const sides: Record<string, () => Promise<Samples>> = {};
for (const [name, client] of Object.entries(clients))
  sides[name] = run(
    name,
    () => startKhipuJobs(client, {}),
    async (khipu) => ({
      ...(only.has('crowd') && (await measureCrowd(khipu, sizes))),
      ...(only.has('takeover') && (await measureTakeover(khipu, sizes))),
      ...(only.has('waiting') && (await measureWaiting(khipu, sizes))),
    }),
  );
if (wanted.steps || wanted.drain) {
  sides[RESTATE] = run(RESTATE, (dir) => startRestateJobs(dir, note));
  for (const [name, peer] of Object.entries(peers)) sides[name] = run(name, (dir) => startPeer(peer, dir, note));
}
const asked = Object.fromEntries(Object.entries(sides).filter(([name]) => wantedSystems.has(name)));
const medians = await runInterleaved(sizes.runs, asked, note);
const report: Report = {
  ...{ date: new Date().toISOString(), sizes },
  command: ['npm run bench:jobs', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  outcomes: [
    {
      ...{ figure: [...only].join(', '), seconds: (performance.now() - began) / 1_000, rows: jobRows(medians) },
      failure: failures.length === 0 ? null : failures.join('; '),
    },
  ],
};
if (values.out !== undefined) {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'jobs.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(values.out, 'jobs.md'), `${asMarkdown(report)}\n`);
}
console.log(values.json ? JSON.stringify(report) : values.markdown ? asMarkdown(report) : asText(report));
process.exit(failures.length === 0 ? 0 : 1);
