import type { Command } from 'commander';
import { homeDir } from '../../local/home.ts';
import { livingRun } from '../../local/process/run-record.ts';
import { AlreadyRunning } from '../../local/supervisor.ts';
import { runDetached } from '../up/detached.ts';
import { runForeground } from '../up/foreground.ts';
import { addOptions, type UpOptions } from '../up/options.ts';
import { ignoredFlags, refusePort } from '../up/second-start.ts';
import { runSupervised } from '../up/supervised.ts';
import { createOutput, printBoard } from '../up/welcome.ts';

async function start(dir: string, options: UpOptions): Promise<void> {
  if (options.supervised) return runSupervised(dir, options);
  const run = livingRun(dir);
  if (run) throw new AlreadyRunning(run);
  await (options.detach ? runDetached : runForeground)(dir, options);
}

/**
 * Shows the running platform. A requested port that it does not have is an error; other flags without effect get a line
 * each.
 */
async function showRunning(dir: string, { run, message }: AlreadyRunning, options: UpOptions): Promise<void> {
  refusePort(run, options);
  const json = options.json === true;
  const output = createOutput(json);
  if (!json) output.note(`${message}.`);
  for (const line of ignoredFlags(run, options)) output.note(`note: ${line}; npm stop first`);
  if (!json) output.note('');
  await printBoard(dir, json);
}

async function up(options: UpOptions): Promise<void> {
  const dir = homeDir();
  try {
    await start(dir, options);
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    await showRunning(dir, error, options);
  }
}

/** Registers `khipu up`. */
export function register(program: Command): void {
  const command = program.command('up').description('start the platform on this machine and run one turn');
  addOptions(command).action(up);
}
