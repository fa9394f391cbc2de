/** The outside engine of the comparison: `opa run --server`, asked over HTTP on a connection that is kept. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../checks/files.ts';

const VERSION = 'v1.22.2';
const tools = join(projectRoot, '.khipu', 'tools');
const READY_MS_MAX = 20_000;

const runs = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Path of `opa`: OPA_BINARY, the one on PATH, or one that is built with `go` once (some minutes). Null when there is none. */
export function findOpa(): string | null {
  const named = process.env['OPA_BINARY'];
  if (named !== undefined) return named;
  if (runs('opa', 'version')) return 'opa';
  const built = join(tools, 'opa');
  if (existsSync(built)) return built;
  if (!runs('go', 'version')) return null;
  console.error(`building opa ${VERSION} with go`);
  const env = { ...process.env, GOBIN: tools };
  execFileSync('go', ['install', `github.com/open-policy-agent/opa@${VERSION}`], { env, stdio: ['ignore', 2, 2] });
  return built;
}

export interface Opa {
  /** One decision: the boolean of `data.khipu.allow`. */
  ask(input: object): Promise<boolean>;
  stop(): void;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Starts a server with one module. Rejects when it is not ready in time. */
export async function startOpa(binary: string, rego: string): Promise<Opa> {
  const dir = mkdtempSync(join(tmpdir(), 'khipu-opa-'));
  const file = join(dir, 'khipu.rego');
  writeFileSync(file, rego);
  const port = await freePort();
  const child: ChildProcess = spawn(
    binary,
    ['run', '--server', `--addr=127.0.0.1:${port}`, '--log-level=error', file],
    {
      stdio: ['ignore', 'ignore', 2],
    },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (path: string, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const call = request(
        {
          agent,
          port,
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (piece: string) => {
            text += piece;
          });
          answer.on('end', () => resolve(text));
        },
      );
      call.once('error', reject);
      call.end(body);
    });
  const stop = (): void => {
    agent.destroy();
    child.kill();
    rmSync(dir, { recursive: true, force: true });
  };
  const ask = async (input: object): Promise<boolean> => {
    const { result } = JSON.parse(await post('/v1/data/khipu/allow', JSON.stringify({ input }))) as {
      result?: unknown;
    };
    if (typeof result !== 'boolean') throw new Error('opa gave no decision');
    return result;
  };
  for (const deadline = Date.now() + READY_MS_MAX; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      await ask({});
      return { ask, stop };
    } catch (error) {
      if (Date.now() < deadline) continue;
      stop();
      throw error;
    }
  }
}
