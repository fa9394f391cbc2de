import type { Command } from 'commander';
import type { CheckOptions } from '../personas/check.ts';
import { jsonOption } from '../show/print.ts';

/** Registers `khipu persona`: check a persona against a golden set. `khipu personas` manages personas. */
export function register(program: Command): void {
  const persona = program.command('persona').description('check a persona against a golden set');
  persona
    .command('check')
    .description(
      'run a golden set and compare it with its baseline: exit code 0 for pass and improve, 1 for regress, 2 for inconclusive',
    )
    .argument('<persona>', 'name of the persona')
    .requiredOption('--set <golden-set>', 'golden set of the persona')
    .option('--baseline <run-id>', 'run to compare with; default: the baseline of the golden set')
    .option('--instructions <file>', 'try these instructions in place of those of the persona; - is standard input')
    .option('--wait <seconds>', 'longest wait for the verdict', '3600')
    .option(...jsonOption)
    .action(async (name: string, options: CheckOptions) => {
      const { checkPersona } = await import('../personas/check.ts');
      process.exitCode = await checkPersona(name, options);
    });
}
