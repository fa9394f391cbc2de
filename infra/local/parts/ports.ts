import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import path from 'node:path';
import { readJson, writeJson } from '../process/state-file.ts';

// Below the ephemeral ranges of Linux (32768) and macOS (49152), so that no outgoing connection takes a remembered port.
const lowest = 20_000;
const highest = 32_000;
const attemptsMax = 200;

/** Returns true when a server can listen on 127.0.0.1 at this port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Returns the file of the ports of earlier starts. */
export const portsFile = (dir: string): string => path.join(dir, 'state', 'ports.json');

/** Returns the ports of earlier starts, by name. */
export const rememberedPorts = (dir: string): Readonly<Record<string, number>> =>
  readJson<Record<string, number>>(portsFile(dir)) ?? {};

/** Stores the port of `name` for later starts. */
export const rememberPort = (dir: string, name: string, port: number): void =>
  writeJson(portsFile(dir), { ...rememberedPorts(dir), [name]: port });

/**
 * Returns the port for `name`, the same one at every start while it stays free: first the stored one below `dir`, then
 * `preferred`, then any free one. The choice is stored. Throws when 200 random ports are all taken.
 */
export async function claimPort(dir: string, name: string, preferred?: number): Promise<number> {
  const remembered = rememberedPorts(dir);
  const taken = new Set(Object.entries(remembered).flatMap(([other, port]) => (other === name ? [] : [port])));
  // A preferred port of 0 means any port. A listener on port 0 would get a port that no other process knows.
  const candidates = [remembered[name], preferred].filter((port) => port !== undefined && port !== 0);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const port = candidates.shift() ?? randomInt(lowest, highest);
    if (taken.has(port) || !(await isPortFree(port))) continue;
    // Reads the file again: another part of this process may have claimed its port meanwhile.
    rememberPort(dir, name, port);
    return port;
  }
  throw new Error(`no free port for ${name} between ${lowest} and ${highest}`);
}
