import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestFrame } from './wire/frames.ts';
import { KafkaProxy, type Message } from './wire/proxy.ts';
import { Frames } from './wire/wire.ts';

const PRODUCE = 0;
const END_TXN = 26;
const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** Answers every request with its correlation id, immediately. */
let broker: Server;
let received: number[];
let proxy: KafkaProxy;
let seen: Message[];
let proxyPort: number;
const sockets: Socket[] = [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeEach(async () => {
  received = [];
  seen = [];
  broker = createServer((socket) => {
    const frames = new Frames();
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const frame of frames.push(chunk)) {
        received.push(frame.readInt32BE(8));
        socket.write(Buffer.concat([Buffer.from([0, 0, 0, 4]), frame.subarray(8, 12)]));
      }
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => broker.once('listening', resolve));
  proxyPort = await freePort();
  proxy = await KafkaProxy.listen([{ port: proxyPort, brokerPort: portOf(broker) }], (message) => seen.push(message));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  await new Promise((resolve) => broker.close(resolve));
});

function client(name: string) {
  const socket = connect({ port: proxyPort, host: '127.0.0.1' });
  sockets.push(socket);
  const answers: number[] = [];
  let closed = false;
  const frames = new Frames();
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  socket.on('data', (chunk) => {
    for (const frame of frames.push(chunk)) answers.push(frame.readInt32BE(4));
  });
  return {
    answers,
    closed: () => closed,
    kill: () => socket.destroy(),
    send: (api: number, id: number) => void socket.write(requestFrame(api, 1, id, name)),
  };
}

const soon = (check: () => void): Promise<void> => expect.poll(() => check, { timeout: 30_000 }).toSatisfy(holds);
const holds = (check: () => void): boolean => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};
const endTxnOf = { api: END_TXN, client: /^a$/ };

describe('the proxy before a broker', () => {
  it('forwards everything in order and pairs answers with requests', async () => {
    const a = client('a');
    for (const id of [1, 2, 3]) a.send(PRODUCE, id);
    await soon(() => expect(a.answers).toEqual([1, 2, 3]));
    expect(seen.filter(({ side }) => side === 'answer').map(({ head }) => head.api)).toEqual([0, 0, 0]);
  });

  it('holds a request and all later ones until it is released', async () => {
    const watch = proxy.trap({ side: 'request', ...endTxnOf });
    const a = client('a');
    for (const [api, id] of [
      [PRODUCE, 1],
      [END_TXN, 2],
      [PRODUCE, 3],
    ] as const)
      a.send(api, id);
    const caught = await watch.caught;
    await soon(() => expect(a.answers).toEqual([1]));
    expect(received).toEqual([1]);
    caught.release();
    await soon(() => expect(a.answers).toEqual([1, 2, 3]));
    expect(received).toEqual([1, 2, 3]);
  });

  it('forwards a request and withholds its answer', async () => {
    const watch = proxy.trap({ side: 'request', forward: true, ...endTxnOf });
    const a = client('a');
    a.send(END_TXN, 1);
    const caught = await watch.caught;
    await soon(() => expect(received).toEqual([1]));
    expect(a.answers).toEqual([]);
    caught.drop();
    await soon(() => expect(a.closed()).toBe(true));
    expect(a.answers).toEqual([]);
  });

  it('delivers a held request of a disconnected client', async () => {
    const watch = proxy.trap({ side: 'request', ...endTxnOf });
    const a = client('a');
    a.send(END_TXN, 1);
    const caught = await watch.caught;
    a.kill();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(received).toEqual([]);
    caught.release();
    await soon(() => expect(received).toEqual([1]));
  });

  it('catches one message, of the named client', async () => {
    const watch = proxy.trap({ side: 'answer', ...endTxnOf });
    const [a, b] = [client('a'), client('b')];
    b.send(END_TXN, 1);
    await soon(() => expect(b.answers).toEqual([1]));
    a.send(END_TXN, 2);
    const caught = await watch.caught;
    expect(caught.message.head).toMatchObject({ client: 'a', correlationId: 2 });
    caught.release();
    a.send(END_TXN, 3);
    await soon(() => expect(a.answers).toEqual([2, 3]));
  });
});
