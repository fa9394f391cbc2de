import type { Command } from 'commander';
import type { Inspection } from '../../kafka/runner/inspect.ts';
import { homeDir } from '../../local/home.ts';
import { livingRun } from '../../local/run-record.ts';
import { failure } from '../failure.ts';

interface Output {
  readonly json?: boolean;
  readonly url?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Inspection & { readonly code?: string; readonly detail?: string };
}

/** `khipu state get`: asks the processes that may hold the key, and shows what the one that does holds. */
export function register(program: Command): void {
  program
    .command('state')
    .description('what a processor holds of one key: for those who look for a fault')
    .command('get')
    .description('state, timers and position of one key, as committed')
    .argument('<processor>', 'such as conversation')
    .argument('<key>', 'key of the records, such as the id of a session')
    .option('--json', 'print one JSON document')
    .option(
      '--url <url>',
      'admin address of the process to ask, such as http://10.0.0.7:9464; else those that run here',
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
  const roles = livingRun(homeDir())?.processes.filter(({ kind }) => kind === 'role') ?? [];
  if (roles.length === 0)
    throw failure('PLATFORM_NOT_RUNNING', 'no platform runs from this folder; name a process with --url');
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

/** That its owner knows no such key says most; that others are not its owner says least, for one that is away may be. */
function failureOf(answers: readonly Answer[], away: unknown): unknown {
  const told = (code: string) => answers.find(({ body }) => body.code === code)?.body;
  const unknownKey = told('STATE_UNKNOWN_KEY');
  if (unknownKey === undefined && away !== undefined) return away;
  const { code, detail } = unknownKey ?? told('STATE_NOT_HERE') ?? {};
  return failure(code ?? 'STATE_NOT_HERE', detail ?? 'no process that was asked runs processors');
}

function print(found: Inspection): void {
  const { processor, key, partition, positions, version, timers, parked, state } = found;
  console.log(`${processor} ${key}  partition ${partition}  version ${version}`);
  for (const { topic, offset } of positions) console.log(`  read ${topic} up to ${offset}`);
  for (const { type, at, fired } of timers) console.log(`  ${fired ? 'fired' : 'due'} ${type} ${at}`);
  for (const topic of parked) console.log(`  PARKED behind a dead letter of ${topic}`);
  console.log(JSON.stringify(state, null, 2));
}
