import { createInterface } from 'node:readline/promises';
import { failure } from '../failure.ts';

/** Asks a question on the terminal; resolves with true for `y` or `yes`. Rejects with CONFIRMATION_REQUIRED without a terminal. */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw failure('CONFIRMATION_REQUIRED', 'this is no terminal, so the command cannot ask; add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
