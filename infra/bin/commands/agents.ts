import type { Command } from 'commander';
import { wholeNumber } from '../parse.ts';
import { registerResource } from '../resources/register.ts';
import { jsonOption } from '../show/print.ts';

/** Registers `khipu agents`: the verbs of runs over HTTP, the steps, the events and the result of one. */
export function register(program: Command): void {
  const agents = registerResource(program, 'agents');
  agents
    .command('show')
    .description('draw the steps of a run: answers, calls with their results, decisions, costs and labels')
    .argument('<run-id>', 'run id')
    .option(...jsonOption)
    .action(async (id: string, options: { json?: true }) => {
      const { showRun } = await import('../agents/show.ts');
      await showRun(id, options);
    });
  agents
    .command('tail')
    .description('print the events of a run as they arrive, to its end')
    .argument('<run-id>', 'run id')
    .option('--json', 'print one JSON document per line')
    .action(async (id: string, options: { json?: true }) => {
      const { tailRun } = await import('../agents/follow.ts');
      await tailRun(id, options);
    });
  agents
    .command('result')
    .description('print the result of a run; exit code 2 while it has not ended')
    .argument('<run-id>', 'run id')
    .option('--wait <seconds>', 'wait for the end of the run', wholeNumber)
    .option(...jsonOption)
    .action(async (id: string, options: { wait?: number; json?: true }) => {
      const { resultOfRun } = await import('../agents/follow.ts');
      await resultOfRun(id, options);
    });
}
