import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { codeOf } from '../../kit/errors.ts';

interface StatusOptions {
  readonly watch?: true;
  readonly json?: true;
}

const EVERY_MS = 2_000;
const CLEAR = '\u001b[2J\u001b[H';

/** A platform that is down, as a watch shows it: it may come back. */
interface Down {
  readonly code: string;
  readonly message: string;
}

/** Returns PLATFORM_DOWN as a status. Rejects with any other error. */
function downOf(error: unknown): Down {
  if (!(error instanceof Error) || codeOf(error) !== 'PLATFORM_DOWN') throw error;
  return { code: codeOf(error), message: error.message };
}

async function status({ watch, json }: StatusOptions): Promise<void> {
  const { isHealthy, readStatus, statusJson, statusText } = await import('../status/read-status.ts');
  const { styleOf } = await import('../show/style.ts');
  const style = styleOf(process.stdout);
  if (watch !== true) {
    const found = await readStatus();
    console.log(json === true ? JSON.stringify(statusJson(found), null, 2) : statusText(found, style));
    if (!isHealthy(found)) process.exitCode = 1;
    return;
  }
  for (;;) {
    const found = await readStatus().catch(downOf);
    if (json === true) console.log(JSON.stringify('message' in found ? found : statusJson(found)));
    else {
      const text = 'message' in found ? style.bad(found.message) : statusText(found, style);
      process.stdout.write(`${process.stdout.isTTY ? CLEAR : ''}${text}\n`);
    }
    await sleep(EVERY_MS);
  }
}

/** Registers `khipu status`, which exits with 1 when the platform is down or not healthy. */
export function register(program: Command): void {
  program
    .command('status')
    .description('show whether the platform runs, and the health of each process')
    .option('--watch', 'show it every 2 s, until Ctrl-C')
    .option('--json', 'print one JSON document; with --watch one per line')
    .action(status);
}
