import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../infra/local/home.ts';
import { programEnv } from '../../infra/local/role-process.ts';
import { nodeArgs, program } from '../../infra/local/roles.ts';
import { plainEnvironment } from './environment.ts';

export interface Ended {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder where no platform ever was: a command that reads it finds nothing. */
const NOWHERE = join(tmpdir(), 'khipu-nowhere');
const TIMEOUT_MS = 60_000;

/** Runs `khipu` to its end, with nothing of Khipu in its environment but `env`. */
export function khipu(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const home = env['KHIPU_HOME'] ?? NOWHERE;
  const options = {
    cwd: projectRoot,
    env: { ...programEnv(home, plainEnvironment()), ...env },
    timeout: TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeArgs, program, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
