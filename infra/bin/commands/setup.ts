import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';

/** `khipu setup`: one JSON line on stdout, logs on stderr's place in the role's log file. */
export function register(program: Command): void {
  program
    .command('setup')
    .description(
      'create topics, register schemas, migrate tables, make development keys, seed the constitution; idempotent',
    )
    .action(async () => {
      const { runSetup } = await import('../roles/setup.ts');
      const { createLogger } = await import('../../telemetry/logger.ts');
      const config = loadConfig();
      const report = await runSetup(
        config,
        createLogger('setup', config.logLevel === 'info' ? 'warn' : config.logLevel),
      );
      console.log(
        JSON.stringify({
          topics_created: report.topicsCreated,
          migrations_run: report.migrationsRun,
          constitution: report.constitution,
          api_key: report.apiKey,
        }),
      );
      process.exit(0);
    });
}
