import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { issue, openAuthority } from '../local/tls/authority.ts';
import { liveContext } from '../tls/live-context.ts';
import { queryOf } from '../tls/tls-url.ts';
import { openRegistry } from './registry.ts';
import { registryRequest } from './registry-request.ts';

const dirs = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'khipu-registry-')));
const urls = { trusting: '', distrustful: '' };
let server: Server;
beforeAll(async () => {
  const [own = '', other = ''] = dirs;
  const files = await issue(await openAuthority(own), { name: 'registry' });
  const { ca } = await openAuthority(other);
  server = createServer(liveContext(files).material(), (_, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  urls.trusting = `${url}?${queryOf({ ca: files.ca, cert: null, key: null })}`;
  urls.distrustful = `${url}?${queryOf({ ca, cert: null, key: null })}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

it('a registry of a trusted authority answers', async () => {
  expect(await registryRequest(urls.trusting, 'config', 10_000)).toEqual({ status: 200, body: '{}' });
});

it('a registry of another authority is named as the reason', async () => {
  await expect(openRegistry(urls.distrustful)).rejects.toMatchObject({ code: 'REGISTRY_SERVER_UNTRUSTED' });
});
