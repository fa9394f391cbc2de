import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';

/** `khipu projection <view…|all>`: keeps read models up to date, any of them in one process. */
export function register(program: Command): void {
  program
    .command('projection')
    .description('keep read models up to date: events, sessions, turns, usage, audit, live-turns, constitution')
    .argument('<view...>', 'which to run in this process, or all')
    .action(async (given: string[]) => {
      const { startProjection, viewNames } = await import('../roles/projection.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      const names = given.includes('all') ? viewNames : given;
      const unknown = names.filter((name) => !viewNames.includes(name));
      if (unknown.length > 0)
        throw Object.assign(new Error(`no such view: ${unknown.join(', ')}; there are ${viewNames.join(', ')}`), {
          code: 'VIEW_UNKNOWN',
        });
      const projection = await startProjection(names, loadConfig());
      await untilStopped(() => projection.close());
    });
}
