import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { describeHolder } from './port-holder.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

// When the holder is unknown (no /proc, no lsof, another user's process), the sentence omits it.
const canBeKnown = process.platform === 'linux';

test.runIf(canBeKnown)('a holder is described by pid and command, whatever the address it listens on', async () => {
  const program = `require('node:net').createServer().listen(0, '::', function () { console.log(this.address().port) })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  ends.push(() => child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  expect(describeHolder(Number(port))).toBe(`pid ${child.pid} (node)`);
});

test('a port without a listener has an unknown holder', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(describeHolder(port)).toBe('another process');
});
