import type { Command } from 'commander';
import { registerResource } from '../resources/register.ts';
import { jsonOption } from '../show/print.ts';

interface ShowOptions {
  readonly watch?: true;
  readonly json?: true;
}

/** Registers `khipu runs`: runs of workflows, drawn as graphs. `khipu jobs` controls them. */
export function register(program: Command): void {
  registerResource(program, 'runs')
    .command('show')
    .description('draw a run: its tasks with states, attempts and costs')
    .argument('<run-id>', 'id of the run')
    .option('--watch', 'draw it again with each change, until its end or Ctrl-C')
    .option(...jsonOption)
    .action(async (id: string, options: ShowOptions) => {
      const { showGraph } = await import('../workflows/graph.ts');
      await showGraph(id, options);
    });
}
