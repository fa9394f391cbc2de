import type { Command } from 'commander';
import { homeDir } from '../../local/home.ts';
import { livingRun } from '../../local/process/run-record.ts';
import type { Inspection } from '../../runner/processor/inspect.ts';
import { platformDown } from '../api/platform-down.ts';
import { expectLocal } from '../context/use.ts';
import { failure } from '../failure.ts';

interface Output {
  readonly json?: boolean;
  readonly url?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Inspection & { readonly code?: string; readonly detail?: string };
}

/** Registers `khipu state get`, which asks the processes that may own the key, and prints the owner's state. */
export function register(program: Command): void {
  program
    .command('state')
    .description('inspect the state of a processor, to diagnose faults')
    .command('get')
    .description('print the committed state, timers and read position of one key')
    .argument('<processor>', 'such as conversation')
    .argument('<key>', 'key of the records, such as a session id')
    .option('--json', 'print one JSON document')
    .option(
      '--url <url>',
      'admin address of the process to ask, such as http://10.0.0.7:9464; default: all local processes',
    )
    .action(async (processor: string, key: string, { json, url }: Output) => {
      const path = `/state?${new URLSearchParams({ processor, key })}`;
      const urls = url === undefined ? adminUrls() : [url];
      const asked = await Promise.allSettled(urls.map((each) => ask(each + path)));
      const answers = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const found = answers.find(({ status }) => status === 200);
      if (found === undefined) throw failureOf(answers, asked.find((one) => one.status === 'rejected')?.reason);
      if (json === true) console.log(JSON.stringify(found.body, null, 2));
      else print(found.body);
    });
}

function adminUrls(): string[] {
  expectLocal('state');
  const roles = livingRun(homeDir())?.processes.filter(({ kind }) => kind === 'role') ?? [];
  if (roles.length === 0) throw platformDown('KHIPU_URL', { ...process.env, KHIPU_URL: '' });
  return roles.flatMap(({ adminPort }) => (adminPort === undefined ? [] : [`http://127.0.0.1:${adminPort}`]));
}

async function ask(url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  } catch (cause) {
    throw failure('STATE_UNREACHABLE', `${new URL(url).origin} does not answer`, cause);
  }
}

/**
 * Returns the error to report. The owner's "unknown key" takes precedence over an unreachable process, and "not the owner" is
 * the weakest answer, because the real owner may be unreachable.
 */
function failureOf(answers: readonly Answer[], unreachable: unknown): unknown {
  const answerWith = (code: string) => answers.find(({ body }) => body.code === code)?.body;
  const unknownKey = answerWith('STATE_UNKNOWN_KEY');
  if (unknownKey === undefined && unreachable !== undefined) return unreachable;
  const { code, detail } = unknownKey ?? answerWith('STATE_NOT_HERE') ?? {};
  return failure(code ?? 'STATE_NOT_HERE', detail ?? 'none of the asked processes runs processors');
}

function print(found: Inspection): void {
  const { processor, key, partition, positions, version, timers, parked, state } = found;
  console.log(`${processor} ${key}  partition ${partition}  version ${version}`);
  for (const { topic, offset } of positions) console.log(`  read ${topic} up to ${offset}`);
  for (const { type, at, fired } of timers) console.log(`  ${fired ? 'fired' : 'due'} ${type} ${at}`);
  for (const topic of parked) console.log(`  PARKED behind a dead letter of ${topic}`);
  console.log(JSON.stringify(state, null, 2));
}
