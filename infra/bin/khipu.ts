import { Command } from 'commander';
import { codeOf, messageOf } from '../kit/errors.ts';
import { trustAlso } from '../tls/outside.ts';
import { commands } from './command-list.ts';
import { takeContext } from './context/flag.ts';
import { useLocalPlatform, usePlatform } from './context/use.ts';
import { failure } from './failure.ts';
import { nextStep } from './next-step.ts';
import { endWhileStarting } from './roles/first-process.ts';
import { versionOf } from './version.ts';

/** Returns a program with the chosen command in full, and the others with name and one line only. */
async function createProgram(chosen: string | undefined): Promise<Command> {
  const program = new Command('khipu')
    .description('Runs AI agents under governance, on one log.')
    .version(`khipu ${versionOf()}`, '-V, --version', 'print the version')
    .option('--context <name>', 'platform to use, by its name; see khipu context');
  program.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'error USAGE: ')) });
  for (const [name, { description, load }] of Object.entries(commands)) {
    if (name !== chosen) program.command(name).description(description);
    else (await load()).register(program);
  }
  return program;
}

/** Sets the variables of the platform that the command uses. */
function choosePlatform(chosen: string | undefined, context: string | undefined): void {
  const place = commands[chosen ?? '']?.place;
  if (context !== undefined && place !== undefined && place !== 'client')
    throw failure('USAGE', `khipu ${chosen} takes no --context: it works on this machine`);
  if (place === 'client') usePlatform(process.env, context);
  if (place === 'role') useLocalPlatform(process.env);
}

/** Prints `error CODE: message` and the next step to standard error; an error without a code is UNEXPECTED. */
function report(error: unknown): void {
  const code = codeOf(error);
  console.error(`error ${code}: ${messageOf(error)}`);
  const next = nextStep(code);
  if (next !== undefined) console.error(`next: ${next}`);
  if (process.env['KHIPU_LOG_LEVEL'] === 'debug' && error instanceof Error) console.error(error.stack);
}

endWhileStarting();

// A reader such as `head` that has read enough is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  const { context, args } = takeContext(process.argv.slice(2));
  const own = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  const isHelp = own[0] === 'help' || own.includes('--help') || own.includes('-h');
  const chosen = args[0] === 'help' ? args[1] : args.find((arg) => !arg.startsWith('-'));
  if (!isHelp) choosePlatform(chosen, context);
  const authorities = process.env['KHIPU_EXTRA_CA_FILE'];
  if (!isHelp && authorities) trustAlso(authorities);
  const program = await createProgram(chosen);
  if (args.length === 0) program.outputHelp();
  else await program.parseAsync([...args], { from: 'user' });
} catch (error) {
  report(error);
  process.exitCode = 1;
}
