import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { homeDir, homeFiles } from '../../local/home.ts';
import { expectLocal } from '../context/use.ts';
import { failure } from '../failure.ts';
import { wholeNumber } from '../parse.ts';

interface LogsOptions {
  readonly follow?: true;
  readonly lines: number;
  readonly json?: true;
}

/** Returns the names of the processes that have a log in the folder of a platform. */
export function logNames(dir: string): readonly string[] {
  try {
    const files = readdirSync(path.dirname(homeFiles(dir).log('any')));
    return files.filter((name) => name.endsWith('.log')).map((name) => name.slice(0, -'.log'.length));
  } catch {
    return [];
  }
}

async function logs(name: string, { follow, lines, json }: LogsOptions): Promise<void> {
  expectLocal('logs');
  const dir = homeDir();
  const names = logNames(dir);
  if (!names.includes(name))
    throw names.length === 0
      ? failure('LOG_FILE_UNKNOWN', 'this machine has no logs of a platform; start one: npm start')
      : failure('LOG_FILE_UNKNOWN', `no process is named ${name}; there are ${names.join(', ')}`);
  const { followFile, lastLines } = await import('../logs/follow-file.ts');
  const { logLineText } = await import('../logs/log-line.ts');
  const { styleOf } = await import('../show/style.ts');
  const style = styleOf(process.stdout);
  const write = (line: string): void =>
    void process.stdout.write(`${json === true ? line : logLineText(line, style)}\n`);
  const file = homeFiles(dir).log(name);
  for (const line of lastLines(file, lines)) write(line);
  if (follow !== true) return;
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  await followFile(file, write, stopped.signal);
}

/** Registers `khipu logs`. */
export function register(program: Command): void {
  program
    .command('logs')
    .description('show the log of a process of this machine')
    .argument('<role>', 'such as gateway or stream-all; khipu status lists them')
    .option('-f, --follow', 'print lines as they are written')
    .option('-n, --lines <count>', 'number of lines to begin with', wholeNumber, 50)
    .option('--json', 'print the lines unchanged: one JSON document per line')
    .action(logs);
}
