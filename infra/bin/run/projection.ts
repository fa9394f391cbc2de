import type { Command } from 'commander';
import { allCaches, allProjections } from '../../../projections/all.ts';
import { loadConfig } from '../../config.ts';
import { expectKnown } from '../roles/expect-known.ts';

const viewNames = [...allProjections, ...allCaches].map(({ name }) => name);

/** Registers `khipu run projection <view…|all>`, which keeps any of the read models up to date in one process. */
export function register(program: Command): void {
  program
    .command('projection')
    .description(`keep read models up to date: ${viewNames.join(', ')}`)
    .argument('<view...>', 'views to run in this process, or all')
    .action(async (given: string[]) => {
      const { startProjection } = await import('../roles/projection.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      const names = given.includes('all') ? viewNames : given;
      expectKnown(names, 'view', viewNames);
      const projection = await startProjection(names, loadConfig());
      await untilStopped(() => projection.close());
    });
}
