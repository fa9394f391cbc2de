import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { expectKnown } from '../roles/expect-known.ts';
import { ALL, type Registered, registered, streamNames } from '../roles/names.ts';

/** Registers `khipu run stream <name…>`, which runs any of the processors and observers in one process. */
export function register(program: Command, from: Registered = registered): void {
  const names = [ALL, ...new Set([...streamNames('chained', from), ...streamNames('apart', from)])];
  program
    .command('stream')
    .description(`run stream processors: ${streamNames('chained', from).join(', ')}`)
    .argument('<name...>', `what to run in this process; ${ALL}: all of them`)
    .addHelpText('after', `\nWith KHIPU_LAYOUT=apart: ${streamNames('apart', from).join(', ')}`)
    .action(async (given: string[]) => {
      const { startStream } = await import('../roles/stream.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      expectKnown(given, 'processor', names);
      const stream = await startStream('stream', given, loadConfig());
      await untilStopped(() => stream.close());
    });
}
