import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeDir } from '../../local/home.ts';
import { readLocalEnv } from '../../local/local-env.ts';
import { nodeArgs, program } from '../../local/roles.ts';
import { livingRun } from '../../local/run-record.ts';

export interface DemoPlatform {
  readonly url: string;
  readonly apiKey: string;
}

/** The platform cannot be reached or started. */
export class DemoError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const STARTING_MS_MAX = 180_000;

/** Progress goes to standard error: with --json nothing but the answer may stand on standard output. */
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
      throw new DemoError('PLATFORM_DOWN', 'the platform is starting elsewhere, and did not come up');
}

/** The platform that the environment names (`KHIPU_URL`, `KHIPU_API_KEY`), else the local one, started when it is not up. */
export async function findPlatform(env: NodeJS.ProcessEnv, note: (text: string) => void): Promise<DemoPlatform> {
  if (env['KHIPU_URL'] && env['KHIPU_API_KEY']) return { url: env['KHIPU_URL'], apiKey: env['KHIPU_API_KEY'] };
  const dir = homeDir(env);
  if (livingRun(dir) === undefined) {
    note('The platform is not up; starting it.');
    await startDetached();
  }
  await untilReady(dir);
  const local = readLocalEnv(dir);
  if (local === undefined) throw new DemoError('PLATFORM_DOWN', `${dir}/local.env is not there: run khipu up again`);
  return { url: local.KHIPU_URL, apiKey: local.KHIPU_API_KEY };
}
