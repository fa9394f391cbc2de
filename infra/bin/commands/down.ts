import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { homeDir } from '../../local/home.ts';
import { isSame } from '../../local/process/pids.ts';
import { cleanStaleRun, livingRun } from '../../local/process/run-record.ts';
import { jsonOption, print } from '../show/print.ts';

// Four stages and four parts of at most 10 s each before they are killed; Kafka 20 s.
const waitMs = 90_000;

/** The outcome of a stop. */
export interface Stopped {
  /** False when no platform ran. */
  readonly stopped: boolean;
  readonly ms: number;
  /** Processes that a killed start had left. */
  readonly ended: readonly string[];
}

/** Stops the platform of `dir` and waits until all of its processes have ended; kills them after 90 s. */
export async function stopPlatform(dir: string): Promise<Stopped> {
  const run = livingRun(dir);
  if (!run) return { stopped: false, ms: 0, ended: await cleanStaleRun(dir) };
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
  return { stopped: true, ms: Date.now() - began, ended: [] };
}

/** Returns the outcome as a sentence. */
export function stoppedText({ stopped, ms, ended }: Stopped): string {
  if (stopped) return `Stopped in ${(ms / 1_000).toFixed(1)} s.`;
  return ended.length > 0 ? `Ended processes left by a killed start: ${ended.join(', ')}.` : 'Nothing runs.';
}

async function down({ json }: { readonly json?: true }): Promise<void> {
  const stopped = await stopPlatform(homeDir());
  print(json, stopped, () => [stoppedText(stopped)]);
}

/** Registers `khipu down`. */
export function register(program: Command): void {
  program
    .command('down')
    .description('stop the platform of this checkout in order; data stays')
    .option(...jsonOption)
    .action(down);
}
