import type { Command } from 'commander';
import { homeDir } from '../../local/home.ts';

interface DemoOptions {
  readonly json?: true;
  readonly prompt?: string;
}

async function demo({ json, prompt }: DemoOptions): Promise<void> {
  const { DemoApi } = await import('../demo/api.ts');
  const { widthOf } = await import('../demo/demo-text.ts');
  const { findPlatform } = await import('../demo/platform.ts');
  const { allowedPrompt } = await import('../demo/prompts.ts');
  const { runDemo } = await import('../demo/run.ts');
  const { styleOf } = await import('../show/style.ts');
  const { nextSteps } = await import('../up/next-steps.ts');
  const platform = await findPlatform(process.env, (text) => process.stderr.write(`${text}\n`));
  const report = await runDemo(new DemoApi(platform), {
    ...{ prompt: prompt ?? allowedPrompt, features: true },
    ...{ style: styleOf(process.stdout), width: widthOf(process.stdout) },
    write: (text) => void (json === true || process.stdout.write(text)),
  });
  const { session_id: session } = report.allowed;
  if (json === true) return console.log(JSON.stringify({ url: platform.url, ...report }, null, 2));
  console.log(`\nThe whole chain: ./khipu sessions trace ${session}\n\n${nextSteps(platform.url, homeDir())}`);
}

/** Registers `khipu demo`, which exits with 1 when the turn fails or the forbidden prompt is not denied. */
export function register(program: Command): void {
  program
    .command('demo')
    .description(
      'show an allowed and a denied prompt with their decisions, the records in the log and the answer; starts the platform if it does not run',
    )
    .option('--json', 'print the record as JSON; progress goes to standard error')
    .option('--prompt <text>', 'prompt to use instead of the default')
    .action(demo);
}
