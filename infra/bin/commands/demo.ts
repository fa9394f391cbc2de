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

/** Shows an agent. The platform is started with the provider that plays scripts, unless it runs or another one is set. */
async function demoAgent(_: unknown, command: Command): Promise<void> {
  const { json } = command.optsWithGlobals<DemoOptions>();
  const { findPlatform, DemoError } = await import('../demo/platform.ts');
  const { killLocalProcessors, runAgentDemo } = await import('../demo/agent/run.ts');
  const { defaultKey } = await import('../constitution/default-key.ts');
  const { styleOf } = await import('../show/style.ts');
  const { livingRun } = await import('../../local/process/run-record.ts');
  process.env['KHIPU_SLM_PROVIDER'] ??= 'deterministic';
  const platform = await findPlatform(process.env, (text) => process.stderr.write(`${text}\n`));
  const local = livingRun(homeDir());
  if (local !== undefined && local.url === platform.url && local.provider !== 'deterministic')
    throw new DemoError(
      'DEMO_NEEDS_SCRIPTS',
      `the demo plays a script, and ${local.model} answers here: npm stop; KHIPU_SLM_PROVIDER=deterministic npm start`,
    );
  const report = await runAgentDemo(platform, {
    ...{ style: styleOf(process.stdout), keyFile: defaultKey(), kill: killLocalProcessors },
    approve: json === true ? async () => true : approveInTerminal,
    write: (text) => void (json === true || process.stdout.write(text)),
  });
  if (json === true) return console.log(JSON.stringify({ url: platform.url, ...report }, null, 2));
  console.log(`\nThe steps with their decisions: ./khipu agents show ${report.run_id}`);
}

/** Asks in the terminal; without one, the demo goes on and says so. */
async function approveInTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log(`${question} (no terminal: yes)`);
    return true;
  }
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${question} [Y/n] `);
  terminal.close();
  return !/^n/i.test(answer.trim());
}

/** Registers `khipu demo`, which exits with 1 when the turn fails or the forbidden prompt is not denied. */
export function register(program: Command): void {
  const demonstration = program
    .command('demo')
    .description(
      'show an allowed and a denied prompt with their decisions, the records in the log and the answer; starts the platform if it does not run',
    )
    .option('--json', 'print the record as JSON; progress goes to standard error')
    .option('--prompt <text>', 'prompt to use instead of the default')
    .action(demo);
  demonstration
    .command('agent')
    .description(
      'show an agent, played from a script, that looks something up, computes in a sandbox, is stopped by policy once, waits for an approval, and survives a kill -9',
    )
    .option('--json', 'print the record as JSON; progress goes to standard error')
    .action(demoAgent);
}
