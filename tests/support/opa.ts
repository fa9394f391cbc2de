/** A real OPA, for tests and benchmarks that compare with it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir } from '../../infra/local/fetch/catalogue.mjs';

const VERSION = 'v1.22.2';
const READY_MS_MAX = 20_000;

/** Reason why a test is skipped. */
export const NO_OPA = 'no opa: not on PATH, OPA_BINARY is not set, and no go to build it';

const runs = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/**
 * Returns the path of `opa`: OPA_BINARY, the one on PATH, or one built with `go` once per machine (some minutes). Null
 * when there is none.
 */
export async function findOpa(): Promise<string | null> {
  const named = process.env['OPA_BINARY'];
  if (named !== undefined) return named;
  if (runs('opa', 'version')) return 'opa';
  const dir = join(cacheDir(), `opa-${VERSION}`);
  const built = join(dir, 'opa');
  return existsSync(built) || (runs('go', 'version') && (await build(dir))) ? built : null;
}

/** Builds in a temporary folder, which is moved when it is complete. */
async function build(dir: string): Promise<boolean> {
  const own = `${dir}.${process.pid}`;
  mkdirSync(own, { recursive: true });
  console.error(`building opa ${VERSION} with go`);
  const env = { ...process.env, GOBIN: own };
  // Compiling uses all cores for minutes: other tests have priority.
  const args = ['-n', '19', 'go', 'install', `github.com/open-policy-agent/opa@${VERSION}`];
  const [code] = await once(spawn('nice', args, { env, stdio: ['ignore', 'ignore', 2] }), 'exit');
  if (code === 0 && !existsSync(dir)) renameSync(own, dir);
  rmSync(own, { recursive: true, force: true });
  return existsSync(join(dir, 'opa'));
}

export interface OpaServer {
  /** Base URL without a path, such as `http://127.0.0.1:8181`. */
  readonly url: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/**
 * Starts `opa run --server` with one file of Rego. Rejects when it is not ready in time, with no process left running.
 */
export async function serveOpa(
  binary: string,
  file: string,
  options: { readonly port?: number; readonly args?: readonly string[] } = {},
): Promise<OpaServer> {
  const port = options.port ?? (await freePort());
  const args = ['run', '--server', `--addr=127.0.0.1:${port}`, '--log-level=error', ...(options.args ?? []), file];
  const child = spawn(binary, args, { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + READY_MS_MAX; !(await isReady(url)); await sleep(50)) {
    if (Date.now() < deadline && child.exitCode === null) continue;
    await stop(child);
    throw new Error(`opa run ${args.join(' ')} was not ready in ${READY_MS_MAX} ms`);
  }
  return { url, stop: () => stop(child) };
}
