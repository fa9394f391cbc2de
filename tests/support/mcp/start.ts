/** Starts MCP servers for tests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface McpServerProcess {
  readonly url: string;
  readonly host: string;
  /** Sets how the server behaves; resolves with what it has counted. */
  control(changes: object): Promise<{ readonly calls: number; readonly sessions: number }>;
  close(): Promise<void>;
}

/** Starts a server of the official SDK in a process of its own. */
export async function startMcpServer(kind: 'modern' | 'legacy'): Promise<McpServerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts'), kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
  const host = `127.0.0.1:${port}`;
  return {
    ...{ host, url: `http://${host}/mcp` },
    async control(changes) {
      const answer = await fetch(`http://${host}/control`, { method: 'POST', body: JSON.stringify(changes) });
      return (await answer.json()) as { calls: number; sessions: number };
    },
    async close() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
