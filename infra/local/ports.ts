import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { readJson, writeJson } from './state-file.ts';

// Below the ephemeral ranges of Linux (32768) and macOS (49152), so that no outgoing connection takes a remembered port.
const lowest = 20_000;
const highest = 32_000;
const attemptsMax = 200;

/** True when a server can listen on 127.0.0.1 at this port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const portsFile = (dir: string): string => path.join(dir, 'state', 'ports.json');

/**
 * The port for `name`, the same one at every start while it stays free: first the one remembered below `dir`, then
 * `preferred`, then any free one. The choice is remembered. Throws when 200 random ports are all taken.
 */
export async function claimPort(dir: string, name: string, preferred?: number): Promise<number> {
  const remembered = readJson<Record<string, number>>(portsFile(dir)) ?? {};
  const taken = new Set(Object.entries(remembered).flatMap(([other, port]) => (other === name ? [] : [port])));
  // A preferred port of 0 asks for any: given on to a listener, it would be one that nobody else knows.
  const candidates = [remembered[name], preferred].filter((port) => port !== undefined && port !== 0);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const port = candidates.shift() ?? randomInt(lowest, highest);
    if (taken.has(port) || !(await isPortFree(port))) continue;
    // Read again: another part of this process may have claimed its own meanwhile.
    writeJson(portsFile(dir), { ...readJson<Record<string, number>>(portsFile(dir)), [name]: port });
    return port;
  }
  throw new Error(`no free port for ${name} between ${lowest} and ${highest}`);
}
