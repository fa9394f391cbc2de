import { mkdtemp, rm, stat } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EgressSocket, serveEgress } from './serve.ts';
import { startServer, type TestEgress, type TestServer, testEgress } from './testing.ts';

let server: TestServer;
let folder: string;
let egress: TestEgress;
let socket: EgressSocket;
beforeAll(async () => {
  [server, folder] = [await startServer(), await mkdtemp(join(tmpdir(), 'egress-'))];
});
afterEach(async () => {
  await socket.close();
  await egress.close();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const path = (): string => join(folder, 'egress.sock');
async function serve(requestsMax?: number): Promise<void> {
  egress = testEgress(
    {
      allow: [
        {
          host: `tool.test:${server.port}`,
          scheme: 'http',
          methods: ['GET', 'POST'],
          maxRequestBytes: 10,
          maxResponseBytes: 100,
        },
      ],
    },
    { 'tool.test': ['127.0.0.1'] },
  );
  socket = await serveEgress({
    egress,
    path: path(),
    callId: 'call-7',
    ...(requestsMax !== undefined && { requestsMax }),
  });
}
interface Answer {
  readonly status: number;
  readonly text: string;
}
const ask = (url: string, more: object = {}, body = '') =>
  new Promise<Answer>((answered, failed) => {
    const asked = httpRequest({ socketPath: path(), path: url, ...more }, async (response) => {
      let text = '';
      try {
        for await (const part of response) text += String(part);
        answered({ status: response.statusCode ?? 0, text });
      } catch (error) {
        failed(error);
      }
    });
    asked.on('error', failed).end(body);
  });
const raw = (text: string) =>
  new Promise<string>((answered) => {
    let got = '';
    const client = connect(path(), () => client.write(text));
    client.on('data', (part) => (got += String(part))).on('close', () => answered(got));
  });
const at = (rest = '/'): string => `http://tool.test:${server.port}${rest}`;
const codeIn = ({ text }: Answer): unknown => (JSON.parse(text) as { code: unknown }).code;

describe('the socket of a sandbox', () => {
  it('sends a request with its URL in the first line, on a connection that is used again', async () => {
    await serve();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const body of ['one', 'two'])
      expect(await ask(at('/v1/echo'), { agent, method: 'POST' }, body)).toEqual({ status: 200, text: 'hello' });
    agent.destroy();
    expect(server.seen.map(({ body, path: to }) => [to, body])).toEqual([
      ['/v1/echo', 'one'],
      ['/v1/echo', 'two'],
    ]);
    expect(egress.records).toMatchObject([{ callId: 'call-7' }, { callId: 'call-7', outcome: 'answered' }]);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('refuses with a problem that has the code of the broker', async () => {
    await serve();
    const codes = async (...asked: Parameters<typeof ask>) => {
      const answer = await ask(...asked);
      return [answer.status, codeIn(answer)];
    };
    expect(await codes('http://127.0.0.1/')).toEqual([403, 'EGRESS_HOST_REFUSED']);
    expect(await codes(at(), { method: 'DELETE' })).toEqual([403, 'EGRESS_METHOD_REFUSED']);
    expect(await codes('/relative')).toEqual([400, 'EGRESS_URL_REFUSED']);
    expect(await codes(at(), { method: 'POST' }, 'x'.repeat(11))).toEqual([413, 'EGRESS_REQUEST_TOO_LARGE']);
    expect(egress.records).toHaveLength(4);
  });

  it('refuses tunnels and upgrades, which cannot be checked', async () => {
    await serve();
    for (const head of [
      `CONNECT tool.test:${server.port} HTTP/1.1`,
      `GET ${at()} HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket`,
    ]) {
      const answer = await raw(`${head}\r\nHost: a\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 405 /);
      expect(answer).toContain('EGRESS_TUNNEL_REFUSED');
    }
    expect(server.seen.slice(2)).toEqual([]);
  });

  it('reads no request that two parsers read in two ways', async () => {
    await serve();
    const before = server.seen.length;
    const twice = `POST ${at()} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET ${at()} HTTP/1.1\r\n\r\n`;
    expect(await raw(twice)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.seen).toHaveLength(before);
  });

  it('answers a number of requests, and returns redirects to be asked for again', async () => {
    await serve(2);
    server.answer((_request, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
    expect((await ask(at())).status).toBe(302);
    server.answer((_request, response) => void response.end('hello'));
    expect((await ask(at())).status).toBe(200);
    expect(codeIn(await ask(at()))).toBe('EGRESS_REQUESTS_TOO_MANY');
  });

  it('refuses a body that is too large by its length, and ends the connection in the middle of one without', async () => {
    await serve();
    server.answer((_request, response) => void response.end('x'.repeat(101)));
    expect(codeIn(await ask(at()))).toBe('EGRESS_RESPONSE_TOO_LARGE');
    server.answer((_request, response) => {
      response.write('x'.repeat(60));
      setTimeout(() => response.end('x'.repeat(60)), 50);
    });
    await expect(ask(at())).rejects.toThrow('aborted');
    expect(egress.records.map(({ code }) => code)).toEqual(['EGRESS_RESPONSE_TOO_LARGE', 'EGRESS_RESPONSE_TOO_LARGE']);
  });

  it('stops a request whose sandbox is gone, and replaces the socket of a dead process', async () => {
    await serve();
    server.answer(() => {});
    const client = connect(path(), () => client.write(`GET ${at()} HTTP/1.1\r\nHost: a\r\n\r\n`));
    await expect.poll(() => server.seen.at(-1)?.method).toBe('GET');
    setTimeout(() => client.destroy(), 200);
    await expect.poll(() => egress.records.map(({ code }) => code)).toEqual(['EGRESS_STOPPED']);
    const second = await serveEgress({ egress, path: path(), callId: 'call-8' });
    await second.close();
  });
});
