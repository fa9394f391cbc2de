import { Command } from 'commander';
import { registerAll } from '../command-list.ts';
import { completionScript, type Shell, shells } from '../completion/script.ts';
import { failure } from '../failure.ts';

const isShell = (text: string): text is Shell => (shells as readonly string[]).includes(text);

async function completion(shell: string): Promise<void> {
  if (!isShell(shell)) throw failure('USAGE', `completion takes ${shells.join(' or ')}, not ${shell}`);
  process.stdout.write(completionScript(shell, await registerAll(new Command('khipu'))));
}

/** Registers `khipu completion`, which prints a script that completes every command and option. */
export function register(program: Command): void {
  program
    .command('completion')
    .description('print the completion script of a shell')
    .argument('<shell>', 'bash or zsh')
    .addHelpText(
      'after',
      '\nbash: khipu completion bash > ~/.local/share/bash-completion/completions/khipu\nzsh: source <(khipu completion zsh)',
    )
    .action(completion);
}
