import type { Command } from 'commander';

interface DemoOptions {
  readonly json?: true;
  readonly prompt?: string;
}

async function demo(options: DemoOptions): Promise<void> {
  const { DemoApi } = await import('../demo/api.ts');
  const { findPlatform } = await import('../demo/platform.ts');
  const { allowedTurn, demoPrompt, forbiddenPrompt, refusedTurn } = await import('../demo/run.ts');
  const { styleOf } = await import('../show/style.ts');
  const isJson = options.json === true;
  const platform = await findPlatform(process.env, (text) => process.stderr.write(`${text}\n`));
  const api = new DemoApi(platform);
  const output = {
    style: styleOf(process.stdout),
    write: (text: string) => void (isJson || process.stdout.write(text)),
  };
  const allowed = await allowedTurn(api, options.prompt ?? demoPrompt, output);
  const refused = await refusedTurn(api, forbiddenPrompt, output);
  if (isJson) console.log(JSON.stringify({ url: platform.url, allowed, refused }, null, 2));
  else
    console.log(
      `\n  More: ${platform.url}/docs, and /v1/sessions/${allowed.session_id}/events or /v1/audit with your API key.\n`,
    );
}

/** Registers `khipu demo`, which exits with 1 when the turn fails or the forbidden prompt is not refused. */
export function register(program: Command): void {
  program
    .command('demo')
    .description(
      'run a session and a turn in the terminal, and show the recorded events; starts the platform if it does not run',
    )
    .option('--json', 'print the record as JSON; progress goes to standard error')
    .option('--prompt <text>', 'prompt to use instead of the default')
    .action(demo);
}
