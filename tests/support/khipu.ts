import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../infra/local/home.ts';
import { programEnv } from '../../infra/local/roles/role-process.ts';
import { nodeArgs, program } from '../../infra/local/roles/roles.ts';
import { plainEnvironment } from './environment.ts';

export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder without a platform: a command that reads it finds nothing. */
const EMPTY_HOME = join(tmpdir(), 'khipu-empty-home');
const TIMEOUT_MS = 60_000;

/** Runs `khipu` to its end, with no Khipu settings in its environment but `env`. */
export function khipu(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const home = env['KHIPU_HOME'] ?? EMPTY_HOME;
  const options = {
    cwd: projectRoot,
    // Contexts and session tokens of the developer must not change a test.
    env: { ...programEnv(home, plainEnvironment()), XDG_CONFIG_HOME: EMPTY_HOME, XDG_STATE_HOME: home, ...env },
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeArgs, program, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
