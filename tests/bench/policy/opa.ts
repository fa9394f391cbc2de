/** The external engine of the comparison: `opa run --server`, over HTTP on a kept-alive connection. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveOpa } from '../../support/opa.ts';

export interface Opa {
  /** Requests one decision: the boolean of `data.khipu.allow`. */
  ask(input: object): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts a server with one module. Rejects when it is not ready in time. */
export async function startOpa(binary: string, rego: string): Promise<Opa> {
  const dir = mkdtempSync(join(tmpdir(), 'khipu-opa-'));
  const file = join(dir, 'khipu.rego');
  writeFileSync(file, rego);
  const server = await serveOpa(binary, file);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = (path: string, body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const call = request(`${server.url}${path}`, { agent, method: 'POST', headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
        });
        answer.on('end', () => resolve(text));
      });
      call.once('error', reject);
      call.end(body);
    });
  return {
    ask: async (input) => {
      const answer = JSON.parse(await post('/v1/data/khipu/allow', JSON.stringify({ input }))) as { result?: unknown };
      if (typeof answer.result !== 'boolean') throw new Error('opa gave no decision');
      return answer.result;
    },
    stop: async () => {
      agent.destroy();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
