import type { Command } from 'commander';
import { registerBulk } from '../jobs/bulk.ts';
import type { ForkOptions } from '../jobs/fork.ts';
import { registerReplay } from '../jobs/replay.ts';
import type { BulkOptions } from '../jobs/start-bulk.ts';
import { stepName, wholeNumber } from '../parse.ts';
import { json, listed } from '../resources/options.ts';
import { registerResource, registerVerb } from '../resources/register.ts';
import { jsonOption } from '../show/print.ts';

async function startsMany(options: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { bulk } = options;
  if (typeof bulk !== 'string') return false;
  const { startBulk } = await import('../jobs/start-bulk.ts');
  await startBulk(bulk, options as unknown as BulkOptions);
  return true;
}

/** Registers `khipu jobs`: the verbs of jobs over HTTP, the timeline, the events and the result of one. */
export function register(program: Command): void {
  const jobs = registerResource(program, 'jobs', { start: startsMany });
  jobs.commands
    .find((each) => each.name() === 'start')
    ?.option('--bulk <file>', 'start a job for each line of an NDJSON file, such as {"input": {}}; - is standard input')
    .option('--idempotency-key <key>', 'with --bulk: a repeat with this key starts no job twice');
  registerBulk(jobs);
  jobs
    .command('show')
    .description('draw the timeline of a job: steps and waits as bars, with attempts and children')
    .argument('<job-id>', 'job id')
    .option('--as-of <moment>', 'state at an earlier time, RFC 3339, or after an event, by its id')
    .option(...jsonOption)
    .action(async (id: string, options: { asOf?: string; json?: true }) => {
      const { showJob } = await import('../jobs/show.ts');
      await showJob(id, options);
    });
  jobs
    .command('fork')
    .description('start a job from a step of another one: results before the step are taken from its record')
    .argument('<job-id>', 'id of the other job')
    .option('--from <step>', 'name, name#2 or branch/1/name; without it, from the beginning', stepName)
    .option('--input <json>', 'input of the handler; that of the other job when omitted', json)
    .option('--constitution <version>', 'version or digest of a signed constitution: the job is simulated under it')
    .option('--lane <text>', 'lane of the job; that of the other job when omitted')
    .option('--tags <items>', 'tags to find it by; comma-separated, or repeated', listed)
    .option('--labels <items>', 'labels of the data; comma-separated, or repeated', listed)
    .option(...jsonOption)
    .action(async (id: string, options: ForkOptions) => {
      const { forkJob } = await import('../jobs/fork.ts');
      await forkJob(id, options);
    });
  jobs
    .command('tail')
    .description('print the events of a job as they arrive, to its end')
    .argument('<job-id>', 'job id')
    .option('--follow', 'stay after the end of the job, for a retry')
    .option('--json', 'print one JSON document per line')
    .action(async (id: string, options: { follow?: true; json?: true }) => {
      const { tailJob } = await import('../jobs/follow.ts');
      await tailJob(id, options);
    });
  jobs
    .command('result')
    .description('print the result of a job; exit code 2 while it has not ended')
    .argument('<job-id>', 'job id')
    .option('--wait <seconds>', 'wait for the end of the job', wholeNumber)
    .option(...jsonOption)
    .action(async (id: string, options: { wait?: number; json?: true }) => {
      const { resultOfJob } = await import('../jobs/follow.ts');
      await resultOfJob(id, options);
    });
  registerVerb(jobs, 'types', { operation: 'listJobTypes' }, ['type', 'version', 'queue', 'title']);
  registerReplay(jobs);
}
