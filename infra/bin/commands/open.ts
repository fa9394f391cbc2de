import type { Command } from 'commander';
import { failure } from '../failure.ts';
import { openUrl } from '../open/open-url.ts';
import { targets } from '../open/targets.ts';

interface OpenOptions {
  readonly print?: true;
  readonly json?: true;
}

async function open(name: string, { print, json }: OpenOptions): Promise<void> {
  const target = targets[name];
  if (target === undefined) throw failure('USAGE', `open takes ${Object.keys(targets).join(' or ')}, not ${name}`);
  const url = target();
  const isOpened = print !== true && json !== true && (await openUrl(url));
  if (json === true) console.log(JSON.stringify({ url }));
  else console.log(isOpened ? `opened ${url}` : url);
}

/** Registers `khipu open`, which prints the URL where no browser can be started. */
export function register(program: Command): void {
  program
    .command('open')
    .description('open the console or the API reference of the platform, or the documentation, in a browser')
    .argument('<page>', Object.keys(targets).join(' or '))
    .option('--print', 'print the URL, and open nothing')
    .option('--json', 'print the URL as JSON, and open nothing')
    .action(open);
}
