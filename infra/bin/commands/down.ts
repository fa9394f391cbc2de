import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { homeDir } from '../../local/home.ts';
import { isSame } from '../../local/process/pids.ts';
import { cleanStaleRun, livingRun } from '../../local/process/run-record.ts';

// Four stages and four parts of at most 10 s each before they are killed; Kafka 20 s.
const waitMs = 90_000;

/**
 * Stops the platform of `dir` and waits until all of its processes have ended; kills them after 90 s. Returns a
 * sentence for the user.
 */
export async function stopPlatform(dir: string): Promise<string> {
  const run = livingRun(dir);
  if (!run) {
    const ended = await cleanStaleRun(dir);
    return ended.length > 0 ? `Ended processes left by a killed start: ${ended.join(', ')}.` : 'Nothing runs.';
  }
  const began = Date.now();
  process.kill(run.supervisor.pid, 'SIGTERM');
  while (isSame(run.supervisor)) {
    if (Date.now() - began > waitMs) {
      process.kill(run.supervisor.pid, 'SIGKILL');
      await sleep(100);
      break;
    }
    await sleep(50);
  }
  await cleanStaleRun(dir);
  return `Stopped in ${((Date.now() - began) / 1_000).toFixed(1)} s.`;
}

/** Registers `khipu down`. */
export function register(program: Command): void {
  program
    .command('down')
    .description('stop the platform of this checkout in order; data stays')
    .action(async () => console.log(await stopPlatform(homeDir())));
}
