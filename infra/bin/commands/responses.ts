import type { Command } from 'commander';
import { numberFromZero } from '../parse.ts';
import { registerResource } from '../resources/register.ts';

/** Registers `khipu responses`: the verbs of responses over HTTP, and the stream of one. */
export function register(program: Command): void {
  registerResource(program, 'responses')
    .command('follow')
    .description('print the text of a response as it is written, to its end; also of one in the background')
    .argument('<response-id>', 'response id')
    .option('--starting-after <number>', 'only events after this sequence number', numberFromZero)
    .option('--json', 'print one event per line, as JSON')
    .action(async (id: string, options: { startingAfter?: number; json?: true }) => {
      const { printResponse } = await import('../responses/follow.ts');
      await printResponse(id, options);
    });
}
