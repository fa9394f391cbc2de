import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { homeFiles, projectRoot, shortPath } from '../../local/home.ts';
import { nodeArgs } from '../../local/roles/roles.ts';

const program = path.join(projectRoot, 'gateways', 'console', 'build.ts');

/** Settings of a build beside a platform. */
export interface BuildConsoleOptions {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the build. */
  readonly signal: AbortSignal;
  /** Receives one line when the build fails: the platform is ready without its console. */
  readonly onNote: (text: string) => void;
}

/**
 * Builds the console in the background unless the sources of this checkout were built before, or the environment names a
 * built one. Never rejects, and waits for nothing: a gateway serves the pages as soon as they exist.
 */
export async function buildConsole({ dir, env, signal, onNote }: BuildConsoleOptions): Promise<void> {
  if (env['KHIPU_CONSOLE_DIR'] || signal.aborted) return;
  const { builtFolder } = await import('../../../gateways/console/built.ts');
  if (existsSync(path.join(builtFolder(), 'index.html'))) return;
  const log = homeFiles(dir).log('console-build');
  mkdirSync(path.dirname(log), { recursive: true });
  const out = openSync(log, 'a');
  const child = spawn(process.execPath, [...nodeArgs, program], { env, signal, stdio: ['ignore', out, out] });
  closeSync(out);
  const failed = (): void => {
    if (!signal.aborted)
      onNote(`the console was not built: ${shortPath(log)} says why; npm run console:build tries again`);
  };
  child.once('error', failed);
  child.once('exit', (code) => {
    if (code !== 0) failed();
  });
}
