import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPort } from './ports.ts';
import { claimPublicPort } from './public-port.ts';

let dir: string;
const servers: Server[] = [];
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-public-port-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A port that this process holds. */
async function heldPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await heldPort();
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

const us = new RegExp(`held by pid ${process.pid} \\(.+\\)|held by another process`);

describe('the requested public port', () => {
  it('wins over the stored one, and replaces it', async () => {
    const [first, second] = [await freePort(), await freePort()];
    expect(await claimPublicPort(dir, { asked: first })).toEqual({ port: first, note: '' });
    expect(await claimPublicPort(dir, { asked: second })).toEqual({ port: second, note: '' });
    expect(await claimPort(dir, 'gateway')).toBe(second);
  });

  it('is rejected with its holder, and no other port is used', async () => {
    const port = await heldPort();
    await expect(claimPublicPort(dir, { asked: port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringMatching(us),
    });
  });

  it('is rejected when it is reserved for a part of this checkout', async () => {
    const port = await claimPort(dir, 'kafka');
    await expect(claimPublicPort(dir, { asked: port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining('kafka of this checkout'),
    });
  });
});

describe('the public port without a flag', () => {
  it('is the usual one, without a note', async () => {
    const usual = await freePort();
    expect(await claimPublicPort(dir, { usual })).toEqual({ port: usual, note: '' });
    expect(await claimPublicPort(dir, { usual })).toEqual({ port: usual, note: '' });
  });

  it('is another one when the usual one is in use, with a note of port and reason', async () => {
    const usual = await heldPort();
    const { port, note } = await claimPublicPort(dir, { usual });
    expect(port).not.toBe(usual);
    expect(note).toMatch(new RegExp(`^port ${usual} is ${us.source}: ${port} is taken instead`));
  });

  it('stays the stored one, with a note', async () => {
    const [usual, asked] = [await freePort(), await freePort()];
    await claimPublicPort(dir, { asked });
    const { port, note } = await claimPublicPort(dir, { usual });
    expect(port).toBe(asked);
    expect(note).toMatch(new RegExp(`^port ${asked}, as at the last start`));
  });

  it('is another one when the stored one is in use, with a note', async () => {
    const [usual, asked] = [await freePort(), await freePort()];
    await claimPublicPort(dir, { asked });
    servers.push(createServer().listen(asked, '127.0.0.1'));
    await once(servers.at(-1) as Server, 'listening');
    const { port, note } = await claimPublicPort(dir, { usual });
    expect(port).toBe(usual);
    expect(note).toMatch(
      new RegExp(`^port ${asked}, that of the last start, is ${us.source}: ${usual} is taken instead`),
    );
  });
});
