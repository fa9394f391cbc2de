import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';

/** Registers `khipu setup`, which prints one JSON line to standard output. Logs go to the log file of the role. */
export function register(program: Command): void {
  program
    .command('setup')
    .description(
      'create topics, register schemas, migrate tables, create development keys, seed the constitution and the personas; idempotent',
    )
    .action(async () => {
      const { runSetup } = await import('../setup/setup.ts');
      const { createLogger } = await import('../../kit/logger.ts');
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
          personas_added: report.personasAdded,
          api_key: report.apiKey,
        }),
      );
      process.exit(0);
    });
}
