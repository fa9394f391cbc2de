import type { Command } from 'commander';
import { registerReplay } from '../jobs/replay.ts';

/** Registers `khipu jobs`. */
export function register(program: Command): void {
  const jobs = program.command('jobs').description('replay recorded jobs');
  registerReplay(jobs);
}
