import type { Command } from 'commander';

/** The shells with completion. */
export const shells = ['bash', 'zsh'] as const;
export type Shell = (typeof shells)[number];

/** The words that may follow a command: its commands and its long options. */
export interface Words {
  /** Such as `khipu sessions`. */
  readonly path: string;
  readonly words: readonly string[];
}

const optionsOf = ({ options }: Command): readonly string[] =>
  options.flatMap(({ long, hidden }) => (long === undefined || long === null || hidden ? [] : [long]));

/** Returns the words after each command, from the declarations. */
export function wordsOf(command: Command, parent = ''): readonly Words[] {
  const path = `${parent} ${command.name()}`.trim();
  const words = [...command.commands.map((sub) => sub.name()), ...optionsOf(command), '--help'];
  return [{ path, words }, ...command.commands.flatMap((sub) => wordsOf(sub, path))];
}

/**
 * The function walks over the words already typed: a word that continues a known path goes one command deeper, and any other
 * (an argument, an option) leaves it where it is.
 */
const functionOf = (cases: readonly Words[]): string => `_khipu() {
  local path=khipu word next
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="$path $word"
    if [[ -n "$(_khipu_words "$next")" ]]; then path="$next"; fi
  done
  COMPREPLY=($(compgen -W "$(_khipu_words "$path")" -- "\${COMP_WORDS[COMP_CWORD]}"))
}

_khipu_words() {
  case "$1" in
${cases.map(({ path, words }) => `    '${path}') echo '${words.join(' ')}' ;;`).join('\n')}
  esac
}
`;

const head = '# Completion of khipu. Made by `khipu completion`.\n';
const register = 'complete -o default -F _khipu khipu ./khipu\n';

/** Returns the script of a shell; zsh reads that of bash through its own bashcompinit. */
export function completionScript(shell: Shell, program: Command): string {
  const body = `${functionOf(wordsOf(program))}\n${register}`;
  return shell === 'bash' ? `${head}${body}` : `${head}autoload -U +X bashcompinit && bashcompinit\n${body}`;
}
