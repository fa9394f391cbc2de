/**
 * `npm run simulate`: runs many schedules from one seed. When one of them breaks an invariant, exits with code 1 and
 * prints the invariant, the last steps, and the command that repeats the schedule.
 */

import { parseArgs } from 'node:util';
import { messageOf } from '../../infra/kit/errors.ts';
import { isPlant, plant, plants } from './plants.ts';
import type { Outcome } from './schedule.ts';
import { invariants } from './violation.ts';

const usage = `Usage: npm run simulate -- [--schedules n] [--seed n] [--schedule n] [--plant name] [--json]

Runs the real runner on the memory broker under a seeded scheduler: crashes, stalls, delays, lost and late answers, rebalances.
Beside each schedule, one of the budget of a tenant over eight places, and beside every fourth, one of jobs, one of
schedules and one of agents with their calls, approvals and memories.

  --schedules n  how many (10000)
  --seed n       of the whole run (1): the same seed gives the same schedules, to the byte
  --schedule n   that one alone, with all of its steps
  --plant name   with a bug planted, which must be found:
${Object.entries(plants)
  .map(([name, { what }]) => `                 ${name}: ${what}`)
  .join('\n')}
  --json         the result as one line of JSON
  --help         show this`;

const PROGRESS_EVERY = 500;

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`--${name} takes a whole number, not ${text}`);
  return number;
}

const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    schedule: { type: 'string' },
    plant: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function describeViolation(nth: number, { violation, lastSteps }: Outcome): string {
  const { invariant, what } = violation ?? {};
  const planted = values.plant === undefined ? '' : ` --plant ${values.plant}`;
  return [
    ...lastSteps.map((step) => `  ${step}`),
    `violated in schedule ${nth} of seed ${values.seed}: ${invariant} (${invariants[invariant ?? 'comes-to-rest']})`,
    `  ${what}`,
    `repeat: npm run simulate -- --seed ${values.seed} --schedule ${nth}${planted}`,
  ].join('\n');
}

/** A schedule of jobs, and one of schedules, takes about as long as four others. */
const JOBS_EVERY = 4;

/** What a schedule simulates; `runner` is the log with its processors and workers. */
type World = 'runner' | 'budgets' | 'jobs' | 'schedules' | 'agents';

/** The world in which a bug of a module shows. */
function worldOf(module: string): World {
  if (module.includes('/jobs/')) return 'jobs';
  if (module.includes('/schedules/')) return 'schedules';
  if (/(?:agents|tools|approvals|memory)\//.test(module)) return 'agents';
  return module.startsWith('streams/') ? 'budgets' : 'runner';
}

/** Returns the worlds that a schedule runs in: a planted bug is looked for where it shows alone. */
function worldsOf(nth: number): readonly World[] {
  const { plant: name } = values;
  if (name !== undefined && isPlant(name)) return [worldOf(plants[name].module)];
  return nth % JOBS_EVERY === 0 ? ['runner', 'budgets', 'jobs', 'schedules', 'agents'] : ['runner', 'budgets'];
}

const nothingRan: Outcome = {
  ...{ steps: 0, transactions: 0, faults: 0, inputs: 0, virtualMs: 0, violation: null, digest: '', lastSteps: [] },
};

async function main(): Promise<void> {
  const seed = numberOf('seed', values.seed);
  const from = values.schedule === undefined ? 0 : numberOf('schedule', values.schedule);
  const to = values.schedule === undefined ? numberOf('schedules', values.schedules) : from + 1;
  if (values.plant !== undefined) {
    if (!isPlant(values.plant))
      throw new Error(`no plant ${values.plant}; there are ${Object.keys(plants).join(', ')}`);
    plant(values.plant);
  }
  const { runSchedule } = await import('./schedule.ts');
  const { runBudgets } = await import('./budgets.ts');
  const { runJobs } = await import('./jobs/schedule.ts');
  const { runAgents } = await import('./agents/schedule.ts');
  const { runSchedules } = await import('./schedules/schedule.ts');
  const total = { schedules: 0, steps: 0, transactions: 0, faults: 0, inputs: 0, virtualMs: 0 };
  const beside = { budgets: runBudgets, jobs: runJobs, schedules: runSchedules, agents: runAgents } as const;
  const shown = values.schedule === undefined ? undefined : Number.POSITIVE_INFINITY;
  const run = async (nth: number): Promise<Outcome> => {
    let outcome = nothingRan;
    for (const world of worldsOf(nth)) {
      if (world === 'runner') outcome = await runSchedule(seed, nth, shown);
      else {
        const { violation, lastSteps } = await beside[world](seed, nth);
        if (violation !== null) outcome = { ...outcome, violation, lastSteps };
      }
      if (outcome.violation !== null) break;
    }
    return outcome;
  };
  let violated: { nth: number; outcome: Outcome } | null = null;
  for (let nth = from; nth < to && violated === null; nth += 1) {
    const outcome = await run(nth);
    total.schedules += 1;
    for (const name of ['steps', 'transactions', 'faults', 'inputs', 'virtualMs'] as const)
      total[name] += outcome[name];
    if (outcome.violation !== null) violated = { nth, outcome };
    else if (values.schedule !== undefined && !values.json) console.log(outcome.lastSteps.join('\n'));
    if (!values.json && total.schedules % PROGRESS_EVERY === 0) console.log(`  … ${total.schedules} schedules`);
  }
  const { user, system } = process.cpuUsage();
  const cpuSeconds = Math.round((user + system) / 1e5) / 10;
  if (violated !== null) process.exitCode = 1;
  if (values.json) {
    const { nth = null, outcome = null } = violated ?? {};
    console.log(JSON.stringify({ seed, ...total, cpuSeconds, nth, ...outcome?.violation }));
    return;
  }
  if (violated !== null) console.log(describeViolation(violated.nth, violated.outcome));
  const virtualHours = (total.virtualMs / 3_600_000).toFixed(1);
  console.log(
    `seed ${seed}: ${total.schedules} schedules, ${total.steps} steps, ${total.inputs} inputs, ${total.transactions} ` +
      `transactions, ${total.faults} faults, ${virtualHours} h of virtual time in ${cpuSeconds} s of CPU: ` +
      `${violated === null ? 'every invariant held' : 'violated'}`,
  );
}

if (values.help) console.log(usage);
else
  await main().catch((error: unknown) => {
    console.error(`error SIMULATION: ${messageOf(error)}`);
    process.exitCode = 2;
  });
