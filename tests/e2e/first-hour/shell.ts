import { spawn } from 'node:child_process';

/** What to type into the shell. */
export interface Typed {
  readonly where: string;
  readonly text: string;
}

/** The outcome of one block. */
export interface Typing {
  readonly where: string;
  readonly output: string;
  readonly seconds: number;
}

/** The outcome of all blocks. */
export interface Session {
  /** Exit code of the shell; null when it was killed. */
  readonly code: number | null;
  /** The blocks that began. */
  readonly typed: readonly Typing[];
}

/** A reader pauses between two blocks; read models lag the log by moments. */
const PAUSE_S = 0.5;
const MARK = ':: block ';

/** Returns the script of a shell that runs every block, and ends at the first command that fails. */
const scriptOf = (blocks: readonly Typed[]): string =>
  [
    'set -eo pipefail',
    ...blocks.flatMap(({ text }, at) => [`printf '\\n${MARK}${at}\\n'`, text.trimEnd(), `sleep ${PAUSE_S}`]),
  ].join('\n');

/**
 * Runs blocks in one shell, so that what one exports, the next one sees. Resolves when the shell ends; kills it after
 * `timeoutMs`.
 */
export function runInOneShell(
  blocks: readonly Typed[],
  { cwd, env, timeoutMs }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeoutMs: number },
): Promise<Session> {
  // Standard error joins standard output, as on a terminal.
  const child = spawn('bash', ['-c', `exec 2>&1\n${scriptOf(blocks)}`], {
    ...{ cwd, env, timeout: timeoutMs, killSignal: 'SIGKILL' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const typed: { where: string; output: string; began: number; seconds: number }[] = [];
  const end = (): void => {
    const last = typed.at(-1);
    if (last !== undefined) last.seconds = (Date.now() - last.began) / 1_000;
  };
  let line = '';
  const take = (text: string): void => {
    const last = typed.at(-1);
    if (!text.startsWith(MARK)) {
      if (last !== undefined) last.output += `${text}\n`;
      return;
    }
    end();
    typed.push({
      where: blocks[Number(text.slice(MARK.length))]?.where ?? '',
      output: '',
      began: Date.now(),
      seconds: 0,
    });
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (line + chunk).split('\n');
    line = lines.pop() ?? '';
    for (const each of lines) take(each);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // A detached platform keeps no end of the pipe, so that it closes with the shell.
    child.once('close', (code) => {
      if (line !== '') take(line);
      end();
      resolve({ code, typed: typed.map(({ where, output, seconds }) => ({ where, output: output.trim(), seconds })) });
    });
  });
}
