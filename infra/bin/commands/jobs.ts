import type { Command } from 'commander';
import { registerReplay } from '../jobs/replay.ts';
import { wholeNumber } from '../parse.ts';
import { registerResource, registerVerb } from '../resources/register.ts';
import { jsonOption } from '../show/print.ts';

/** Registers `khipu jobs`: the verbs of jobs over HTTP, the timeline, the events and the result of one. */
export function register(program: Command): void {
  const jobs = registerResource(program, 'jobs');
  jobs
    .command('show')
    .description('draw the timeline of a job: steps and waits as bars, with attempts and children')
    .argument('<job-id>', 'job id')
    .option('--as-of <time>', 'state at an earlier time, RFC 3339')
    .option(...jsonOption)
    .action(async (id: string, options: { asOf?: string; json?: true }) => {
      const { showJob } = await import('../jobs/show.ts');
      await showJob(id, options);
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
