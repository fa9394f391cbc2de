import { Command } from 'commander';
import { homeDir } from '../local/home.ts';
import { readLocalEnv } from '../local/local-env.ts';

interface CommandModule {
  readonly register: (program: Command) => void;
}

interface Entry {
  readonly description: string;
  readonly load: () => Promise<CommandModule>;
}

/** Loaded by name, so that one command neither pays for the others nor breaks with them. */
const entry = (description: string, file: string): Entry => ({
  description,
  load: () => import(`./commands/${file}.ts`) as Promise<CommandModule>,
});

const commands: Readonly<Record<string, Entry>> = {
  up: entry('start the platform on this machine, with one real turn', 'up'),
  down: entry('stop it in order', 'down'),
  reset: entry('drop its data', 'reset'),
  demo: entry('a session and a turn in the terminal, and what the log recorded', 'demo'),
  setup: entry('topics, schemas, migrations, keys and the constitution; may be run again', 'setup'),
  gateway: entry('run gateways: http, turns, slm', 'gateway'),
  stream: entry('run stream processors by name', 'stream'),
  projection: entry('run projections: all, or by name', 'projection'),
  projections: entry('list or rebuild read models', 'projections'),
  keys: entry('make the first API keys of those who operate the platform', 'keys'),
  drill: entry('drills on a running platform: kill-switch', 'drill'),
  topics: entry('list the topics of the catalogue', 'topics'),
  constitution: entry('propose, review, sign and activate constitutions', 'constitution'),
  policy: entry('check a constitution; make recorded decisions again', 'policy'),
  state: entry('show what a processor holds of one key', 'state'),
  dlq: entry('list, show and redrive dead letters', 'dlq'),
};

/** The chosen command with everything it knows; of the others only the name and one line. */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('khipu').description('Runs AI agents under governance, on one log.');
  program.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error USAGE: ')) });
  const chosen = args[0] === 'help' ? args[1] : args.find((arg) => !arg.startsWith('-'));
  for (const [name, { description, load }] of Object.entries(commands)) {
    if (name !== chosen) program.command(name).description(description);
    else (await load()).register(program);
  }
  return program;
}

/** A command typed beside a local platform talks to it, unless the environment names another one. */
function useLocalPlatform(env: NodeJS.ProcessEnv): void {
  if (env['KHIPU_MODE'] === 'production') return;
  for (const [name, value] of Object.entries(readLocalEnv(homeDir()) ?? {})) env[name] ||= value;
}

/** Commands that start or stop a platform decide by the environment alone what they embed. */
const startsPlatform = new Set(['up', 'down', 'reset', 'demo']);

/** `error CODE: message` on standard error; what has no code of its own is UNEXPECTED. */
function report(error: unknown): void {
  const { code, message } = error as { code?: unknown; message?: unknown };
  console.error(
    `error ${typeof code === 'string' ? code : 'UNEXPECTED'}: ${typeof message === 'string' ? message : String(error)}`,
  );
  if (process.env['KHIPU_LOG_LEVEL'] === 'debug' && error instanceof Error) console.error(error.stack);
}

const args = process.argv.slice(2);
try {
  if (!startsPlatform.has(args.find((arg) => !arg.startsWith('-')) ?? '')) useLocalPlatform(process.env);
  const program = await createProgram(args);
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync(args, { from: 'user' });
} catch (error) {
  report(error);
  process.exitCode = 1;
}
