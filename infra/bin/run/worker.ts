import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { expectKnown } from '../roles/expect-known.ts';
import { type Registered, registered, workerNames } from '../roles/names.ts';

/** Registers `khipu run worker <name…>`, which runs any of the workers in one process. */
export function register(program: Command, from: Registered = registered): void {
  program
    .command('worker')
    .description(`run workers, which call external services: ${workerNames(from).join(', ')}`)
    .argument('<name...>', 'workers to run in this process')
    .action(async (given: string[]) => {
      const { startStream } = await import('../roles/stream.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      expectKnown(given, 'worker', workerNames(from));
      const workers = await startStream('worker', given, loadConfig());
      await untilStopped(() => workers.close());
    });
}
