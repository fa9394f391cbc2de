import type { Command } from 'commander';
import { registerResource } from '../resources/register.ts';
import { jsonOption, print } from '../show/print.ts';

async function trace(session: string, { json }: { readonly json?: true }): Promise<void> {
  const { readTrace } = await import('../sessions/read-trace.ts');
  const { traceText } = await import('../sessions/print-trace.ts');
  const { styleOf } = await import('../show/style.ts');
  const found = await readTrace(session);
  print(json, found, () => [traceText(found, styleOf(process.stdout))]);
}

/** Registers `khipu sessions list|show|trace`. */
export function register(program: Command): void {
  registerResource(program, 'sessions')
    .command('trace')
    .description('show the chain from each command to its events and rows, with offsets and latencies')
    .argument('<session-id>', 'session id')
    .option(...jsonOption)
    .action(trace);
}
