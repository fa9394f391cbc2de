import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { codedError } from '../../kit/coded-error.ts';
import { homeDir } from '../../local/home.ts';
import { readLocalEnv } from '../../local/local-env.ts';
import { withoutOwn } from '../../local/own-values.mjs';
import { livingRun } from '../../local/process/run-record.ts';
import { nodeArgs, program } from '../../local/roles/roles.ts';

/** The platform of a demo. */
export interface DemoPlatform {
  readonly url: string;
  readonly apiKey: string;
  /** Advice for the user when it does not answer. */
  readonly hint: string;
}

/** The platform cannot be reached or started. */
export class DemoError extends codedError<string>('DemoError') {}

const STARTING_MS_MAX = 180_000;

/** Starts the platform. Progress goes to standard error: with --json, standard output has only the result. */
function startDetached(): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArgs, program, 'up', '--detach', '--no-turn'], {
      stdio: ['ignore', 2, 2],
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new DemoError('PLATFORM_DOWN', `the platform did not start: it ended with ${signal ?? code}`)),
    );
  });
}

async function untilReady(dir: string): Promise<void> {
  for (const deadline = Date.now() + STARTING_MS_MAX; livingRun(dir)?.state !== 'ready'; await sleep(200))
    if (livingRun(dir) === undefined || Date.now() > deadline)
      throw new DemoError('PLATFORM_DOWN', 'another process starts the platform, and it did not become ready');
}

/**
 * Returns the platform named by the environment (`KHIPU_URL`, `KHIPU_API_KEY`), or the local one, which is started when
 * it does not run. A shell that sourced an env file of this checkout names the local one. Rejects with PLATFORM_DOWN.
 */
export async function findPlatform(env: NodeJS.ProcessEnv, note: (text: string) => void): Promise<DemoPlatform> {
  const dir = homeDir(env);
  const { KHIPU_URL: url, KHIPU_API_KEY: foreignKey } = withoutOwn(dir, env);
  const apiKey = env['KHIPU_API_KEY'];
  if (url && apiKey)
    return {
      url,
      apiKey,
      hint: 'KHIPU_URL names it; for the platform of this checkout: unset KHIPU_URL KHIPU_API_KEY',
    };
  if (livingRun(dir) === undefined) {
    note('The platform does not run; starting it.');
    await startDetached();
  }
  await untilReady(dir);
  const local = readLocalEnv(dir);
  if (local === undefined) throw new DemoError('PLATFORM_DOWN', `${dir}/local.env does not exist: run khipu up again`);
  return { url: local.KHIPU_URL, apiKey: foreignKey || local.KHIPU_API_KEY, hint: 'start it: npm start' };
}
