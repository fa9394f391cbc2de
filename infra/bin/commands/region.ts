import type { Command } from 'commander';
import { wholeNumber } from '../parse.ts';
import type { CheckOptions, PromoteCommand } from '../region/commands.ts';
import { jsonOption } from '../show/print.ts';

const LAG_SECONDS = 60;
const lag = [
  '--lag <seconds>',
  'how far the mirror may have been behind; older records count as complete',
  wholeNumber,
  LAG_SECONDS,
] as const;

/** Registers `khipu region`, which moves a platform between the logs of two regions. */
export function register(program: Command): void {
  const region = program.command('region').description('move the platform between the logs of two regions');
  region
    .command('status')
    .description('print to which region this log belongs, and what was cut off')
    .option(...jsonOption)
    .action(async (options: { readonly json?: true }) => {
      const { statusCommand } = await import('../region/commands.ts');
      await statusCommand(options);
    });
  region
    .command('verify')
    .description('check the mirror: print what is torn, and what a promotion would run again')
    .option(...lag)
    .option(...jsonOption)
    .action(async (options: CheckOptions) => {
      const { verifyCommand } = await import('../region/commands.ts');
      await verifyCommand(options);
    });
  region
    .command('fence')
    .description('take the log from its region: its tasks end, and no process starts')
    .option(...jsonOption)
    .action(async (options: { readonly json?: true }) => {
      const { fenceCommand } = await import('../region/commands.ts');
      await fenceCommand(options);
    });
  region
    .command('promote')
    .description('give the mirrored log to the region KHIPU_REGION: cut off what is torn, and run it again')
    .option('--fenced', 'the former region cannot write any more: its brokers are lost or cut off')
    .option(...lag)
    .option(...jsonOption)
    .action(async (options: PromoteCommand) => {
      const { promoteCommand } = await import('../region/commands.ts');
      await promoteCommand(options);
    });
}
