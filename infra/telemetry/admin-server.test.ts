import { networkInterfaces } from 'node:os';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { InFlight } from '../runner/in-flight.ts';
import { StateError } from '../runner/processor/inspect.ts';
import { type AdminOptions, type AdminServer, startAdminServer } from './admin-server.ts';
import { statePage } from './state-page.ts';

let server: AdminServer | undefined;
afterEach(async () => {
  await server?.close();
});

async function get(path: string, over: Partial<AdminOptions> = {}): Promise<{ status: number; body: unknown }> {
  server = await startAdminServer({ port: 0, role: 'test', checks: {}, register: new Registry(), ...over });
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { status: response.status, body: await response.json() };
}

describe('the admin server', () => {
  it('reports its role as live until a processor is stuck, then the record that blocks it', async () => {
    expect(await get('/health/live')).toEqual({ status: 200, body: { ok: true, role: 'test' } });
    await server?.close();
    const held: InFlight = { processor: 'p', topic: 't', partition: 1, offset: 7, doing: 'transaction', sinceMs: 5 };
    expect(await get('/health/live', { stuck: () => [held] })).toEqual({
      status: 503,
      body: { ok: false, role: 'test', code: 'PROCESSOR_STUCK', stuck: [held] },
    });
  });

  it('is ready when every check passes, and reports the failing ones', async () => {
    const well = async () => ({ ok: true, detail: 'answers' });
    expect(await get('/health/ready', { checks: { well } })).toMatchObject({ status: 200, body: { ok: true } });
    await server?.close();
    const broken = async () => Promise.reject(new Error('no'));
    expect(await get('/health/ready', { checks: { well, broken } })).toEqual({
      status: 503,
      body: { role: 'test', ok: false, parts: { well: await well(), broken: { ok: false, detail: 'no' } } },
    });
  });

  it('answers 404 for other pages than the given ones', async () => {
    expect(await get('/nothing')).toEqual({ status: 404, body: { code: 'ROUTE_UNKNOWN' } });
  });
});

/** An address of this machine that is not its loopback. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address;

it.skipIf(outside === undefined)(
  'a caller from outside sees health and metrics, and no page with records',
  async () => {
    const pages = { '/state': async () => 'a record' };
    server = await startAdminServer({
      ...{ host: '0.0.0.0', port: 0, role: 'test', checks: {}, register: new Registry(), pages },
    });
    const { port } = server;
    const statuses = async (host: string | undefined): Promise<number[]> =>
      Promise.all(
        ['health/live', 'metrics', 'state'].map(async (path) => (await fetch(`http://${host}:${port}/${path}`)).status),
      );
    expect(await statuses('127.0.0.1')).toEqual([200, 200, 200]);
    expect(await statuses(outside)).toEqual([200, 200, 404]);
  },
);

describe('the page of state', () => {
  const found = { processor: 'p', key: 'a b', state: { count: 1 } };
  const inspect = (member: string, key: string) => {
    if (member !== 'p' || key !== 'a b') throw new StateError('STATE_UNKNOWN_KEY', 'nothing');
    return found as never;
  };
  const pages = { '/state': statePage([{ members: ['o', 'p'], inspect }]) };

  it.each([
    ['the state of a key in its processor', 'p', 200, found],
    ['an unknown key', 'p&key=b', 404, { code: 'STATE_UNKNOWN_KEY', detail: 'nothing' }],
    [
      'a processor of another process',
      'q',
      421,
      { code: 'STATE_NOT_HERE', detail: 'no processor q runs in this process' },
    ],
  ])('reports %s', async (_, processor, status, body) => {
    const query = processor.includes('key=') ? `processor=${processor}` : `processor=${processor}&key=a+b`;
    expect(await get(`/state?${query}`, { pages })).toEqual({ status, body });
  });
});
