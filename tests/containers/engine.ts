import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../infra/local/fetch/catalogue.mjs';
import { projectRoot } from '../checks/files.ts';

/** Folder of these tests, outside the repository; it keeps what takes minutes to make. */
export const workDir = join(cacheDir(), 'containers');

const RUNC = ['/usr/sbin/runc', '/usr/bin/runc'];
const INIT = '/usr/bin/catatonit';

/**
 * Writes the settings with which podman runs in a plain container or virtual machine: limits that need no right of their own,
 * a control group manager without systemd. A machine with systemd keeps its own.
 */
function writeSettings(): NodeJS.ProcessEnv {
  mkdirSync(workDir, { recursive: true });
  const registries = join(workDir, 'registries.conf');
  writeFileSync(registries, 'unqualified-search-registries = ["docker.io"]\n');
  if (existsSync('/run/systemd/system')) return { CONTAINERS_REGISTRIES_CONF: registries };
  const path = join(workDir, 'containers.conf');
  const runc = RUNC.find((each) => existsSync(each)) ?? 'runc';
  const init = existsSync(INIT) ? `init_path = "${INIT}"\n` : '';
  const limits = '"nofile=8192:8192", "nproc=8192:8192"';
  const engine = `[engine]\nruntime = "${runc}"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n`;
  writeFileSync(path, `[containers]\ndefault_ulimits = [${limits}]\n${init}${engine}`);
  return { CONTAINERS_CONF: path, CONTAINERS_REGISTRIES_CONF: registries };
}

let settings: NodeJS.ProcessEnv | undefined;
const environment = (): NodeJS.ProcessEnv => {
  settings ??= writeSettings();
  return { ...process.env, ...settings };
};

/** The result of a command. */
export interface Ran {
  readonly ok: boolean;
  readonly out: string;
  readonly error: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], options: SpawnSyncOptions = {}): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...{ cwd: projectRoot, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, ...options },
    env: { ...environment(), ...options.env },
  });
  // Without systemd podman cannot run health checks by itself, and says so at every start.
  const lines = String(stderr ?? '').split('\n');
  const told = lines.filter((line) => !/systemd|^time=.*level=error msg="unable to get/.test(line)).join('\n');
  return { ok: status === 0, out: String(stdout ?? '').trim(), error: error?.message ?? told.trim() };
}

/** Runs a program. Throws with its last lines when it fails. */
export function must(program: string, args: readonly string[], options?: SpawnSyncOptions): string {
  const ran = run(program, args, options);
  if (ran.ok) return ran.out;
  const end = `${ran.out}\n${ran.error}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${program} ${args.slice(0, 3).join(' ')} failed:\n${end}`);
}

export const podman = (...args: readonly string[]): string => must('podman', args);

/** Returns true for a program on the PATH. */
export const has = (program: string): boolean => run('sh', ['-c', `command -v ${program}`]).ok;

/** Returns why no container can be run here; empty when they can. */
export function missing(programs: readonly string[]): readonly string[] {
  const absent = programs.filter((each) => !has(each)).map((each) => `${each} is not installed`);
  if (absent.length > 0) return absent;
  const works = run('podman', ['info', '--format', '{{.Host.OCIRuntime.Name}}']);
  return works.ok ? [] : [`podman does not run: ${works.error.split('\n').at(-1)}`];
}

/** Resolves when `check` holds. Rejects after `timeoutMs`, with the last reason that it threw. */
export async function until(what: string, timeoutMs: number, check: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  let reason = '';
  for (;;) {
    try {
      if (await check()) return;
    } catch (error) {
      reason = `: ${(error as Error).message}`;
    }
    if (Date.now() > endMs) throw new Error(`${what}: not within ${timeoutMs / 1_000} s${reason}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
