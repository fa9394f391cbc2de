import { type Command, Option } from 'commander';
import type { BrokerCount } from '../../local/parts/part.ts';
import { isProviderName } from '../../local/slm-choice.ts';
import type { ProviderKind } from '../../models/provider.ts';
import { failure } from '../failure.ts';
import type { Wanted } from './second-start.ts';

/** The options of `khipu up`. */
export interface UpOptions extends Wanted {
  readonly detach?: true;
  readonly json?: true;
  readonly turn: boolean;
  /** Runs everything over TLS. */
  readonly tls?: true;
  /** Hidden: this process is the supervisor of a detached start. */
  readonly supervised?: true;
}

function readProvider(text: string): ProviderKind {
  if (isProviderName(text)) return text;
  throw failure('USAGE', `--provider takes local, openai or deterministic, not ${text}`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw failure('USAGE', `--port takes a number from 1 to 65535, not ${text}`);
}

function readBrokers(text: string): BrokerCount {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw failure('USAGE', `--brokers takes 1 or 3, not ${text}`);
}

/** Adds the options of `khipu up` to a command. Parsing throws USAGE for invalid values. */
export const addOptions = (command: Command): Command =>
  command
    .option('--detach', 'return when it is ready, and leave it running')
    .option('--json', 'print the board as JSON; progress goes to standard error')
    .option('--no-turn', 'skip the first turn')
    .option('--tls', 'run everything over TLS 1.3 with client certificates of an authority of this checkout')
    .option(
      '--provider <name>',
      'model provider: local, openai or deterministic (default: KHIPU_SLM_PROVIDER, else local)',
      readProvider,
    )
    .option(
      '--port <number>',
      'public port; fails if it is taken (default: the port of the last start, initially 8080, or else a free one)',
      readPort,
    )
    .option(
      '--brokers <number>',
      '1, or 3 with every record replicated to all of them (default: as before)',
      readBrokers,
    )
    .addOption(new Option('--supervised').hideHelp());
