import type { Command } from 'commander';
import { loadConfig } from '../../config.ts';
import { failure } from '../failure.ts';
import { expectKnown } from '../roles/expect-known.ts';
import { type Registered, registered, workerNames } from '../roles/names.ts';

/**
 * Registers `khipu run worker <name…>`, which runs any of the workers in one process, and `khipu run worker ./my-jobs.ts`,
 * which runs the jobs that a module exports.
 */
export function register(program: Command, from: Registered = registered): void {
  program
    .command('worker')
    .description(
      `run workers, which call external services: ${workerNames(from).join(', ')}; or the jobs of a module, such as ./my-jobs.ts`,
    )
    .argument('<name...>', 'workers to run in this process, or modules that export jobs')
    .option('--queue <name>', 'queue of the jobs of the module (default: the base name of the module)')
    .action(async (given: string[], { queue }: { readonly queue?: string }) => {
      const { isModulePath, loadJobs } = await import('../../jobs/worker/module.ts');
      const { startStream } = await import('../roles/stream.ts');
      const { untilStopped } = await import('../roles/until-stopped.ts');
      const modules = given.filter(isModulePath);
      const names = given.filter((name) => !isModulePath(name));
      expectKnown(names, 'worker', workerNames(from));
      if (queue !== undefined && modules.length !== 1) throw failure('USAGE', '--queue takes one module with jobs');
      const queues = await Promise.all(modules.map((path) => loadJobs(path, queue)));
      const workers = await startStream('worker', names, loadConfig(), queues);
      await untilStopped(() => workers.close());
    });
}
