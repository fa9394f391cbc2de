import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxUid } from '../../infra/sandbox/process/host.ts';
import type { Outside } from './escapes.ts';

export const prelude = readFileSync(fileURLToPath(new URL('prelude.py', import.meta.url)), 'utf8');

async function listening(path: string | null): Promise<Server> {
  const server = createServer((socket) => void socket.on('error', () => {}).end('open'));
  if (path === null) server.listen(0, '127.0.0.1');
  else server.listen(path);
  await once(server, 'listening');
  return server;
}

function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-escapes-'));
  const uid = sandboxUid();
  if (uid !== null) chownSync(folder, uid, uid);
  return folder;
}

/** Starts everything that an escape would reach. */
export async function startOutside(): Promise<Outside & { stop(): Promise<void> }> {
  const udp = createSocket('udp4', (_text, from) => udp.send('answer', from.port, from.address));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const [socketFolder, secretFolder] = [openFolder(), openFolder()];
  const uid = sandboxUid();
  writeFileSync(join(secretFolder, 'secret'), 'secret');
  if (uid !== null) chownSync(join(secretFolder, 'secret'), uid, uid);
  const abstract = `khipu-escapes-${randomUUID()}`;
  const tcp = await listening(null);
  const servers = [tcp, await listening(join(socketFolder, 'service.sock')), await listening(`\0${abstract}`)];
  chmodSync(join(socketFolder, 'service.sock'), 0o777);
  const seconds = String(3_000 + Math.floor(Math.random() * 1_000_000) / 1_000_000);
  const marker = spawn('/usr/bin/sleep', [seconds], { stdio: 'ignore', ...(uid !== null && { uid, gid: uid }) });
  return {
    ...{
      udpPort: udp.address().port,
      tcpPort: (tcp.address() as AddressInfo).port,
      socketFolder,
      abstract,
      secretFolder,
    },
    marker: { pid: marker.pid ?? 0, seconds },
    async stop() {
      marker.kill('SIGKILL');
      udp.close();
      await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
      for (const folder of [socketFolder, secretFolder]) rmSync(folder, { recursive: true });
    },
  };
}
