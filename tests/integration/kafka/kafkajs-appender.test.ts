import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { numbered, openBench, outgoing, readWhole, textsOf, unique } from '../../../infra/kafka/contract/testing.ts';
import { brokers, openLog } from './open-log.ts';

const servers: { server: Server; sockets: Set<Socket> }[] = [];

/** Listens on an unused port; port 0 chooses any. */
async function listen(onSocket: (socket: Socket) => void, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServers(): Promise<void> {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const toBroker = (socket: Socket): void => {
  const [host = '', port = ''] = (brokers()[0] ?? '').split(':');
  const broker = dial(Number(port), host);
  broker.on('error', () => socket.destroy());
  socket.on('close', () => broker.destroy());
  socket.pipe(broker).pipe(socket);
};

const timed = async <T>(work: Promise<T>): Promise<{ ms: number; result: PromiseSettledResult<T> | undefined }> => {
  const began = performance.now();
  const [result] = await Promise.allSettled([work]);
  return { ms: performance.now() - began, result };
};

const refused = { status: 'rejected', reason: { name: 'LogError', code: 'LOG_UNAVAILABLE', disposition: 'retry' } };

describe('the appender over kafkajs', () => {
  const { log, topic } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });
  afterEach(closeServers);

  it('refuses within 2.5 s when no broker listens, then at once, and appends again when one does', async () => {
    const name = await topic();
    const port = await listen(() => undefined);
    await closeServers();
    const away = openLog([`127.0.0.1:${port}`]);
    const appender = await away.appender();
    const first = await timed(appender.append([outgoing(name, 'lost')]));
    expect(first.result).toMatchObject(refused);
    expect(first.ms).toBeLessThan(2_500);
    const next = await timed(appender.append([outgoing(name, 'lost')]));
    expect(next.result).toMatchObject(refused);
    expect(next.ms).toBeLessThan(50);
    await listen(toBroker, port);
    const began = performance.now();
    let last = await timed(appender.append([outgoing(name, 'there')]));
    while (last.result?.status !== 'fulfilled' && performance.now() - began < 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      last = await timed(appender.append([outgoing(name, 'there')]));
    }
    expect(last.result).toMatchObject({ status: 'fulfilled', value: [{ offset: 0 }] });
    expect(textsOf(await readWhole(log(), name))).toEqual(['there']);
    await appender.close();
    await away.close();
  });

  it('refuses within 2.5 s when a broker accepts connections and never answers, with all queued appends', async () => {
    const port = await listen(() => undefined);
    const away = openLog([`127.0.0.1:${port}`]);
    const appender = await away.appender();
    const first = timed(appender.append([outgoing('any', 'lost')]));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const behind = timed(appender.append([outgoing('any', 'lost')]));
    for (const { ms, result } of await Promise.all([first, behind])) {
      expect(result).toMatchObject(refused);
      expect(ms).toBeLessThan(2_500);
    }
    await closeServers();
    await appender.close();
    await away.close();
  });

  it('reports to a ping that the log is unavailable, within its timeout', async () => {
    const port = await listen(() => undefined);
    const away = openLog([`127.0.0.1:${port}`]);
    const { ms, result } = await timed(away.ping(300));
    expect(result).toMatchObject(refused);
    expect(ms).toBeLessThan(600);
    await closeServers();
    await away.close();
  });

  it('continues with another producer, in order, after a send that the broker refused', async () => {
    const name = unique('small');
    await log().createTopics([{ name, partitions: 1, config: { 'max.message.bytes': '2000' } }]);
    const appender = await log().appender();
    await appender.append([outgoing(name, 'a')]);
    const large = appender.append([outgoing(name, 'x'.repeat(5_000))]);
    await expect(large).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE', disposition: 'dead-letter' });
    for (const text of ['b', 'c']) await appender.append([outgoing(name, text)]);
    await appender.close();
    expect(textsOf(await readWhole(log(), name))).toEqual(['a', 'b', 'c']);
  });

  it('refuses appends beyond its queue limit, and accepts more when those are written', async () => {
    const name = await topic();
    const appender = await log().appender({ pendingMax: 100 });
    const appends = numbered(120).map((text) => appender.append([outgoing(name, text)]));
    const outcomes = await Promise.allSettled(appends);
    expect(outcomes.slice(0, 100).every(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes.slice(100))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'LOG_OVERLOADED' } });
    await expect(appender.append(numbered(100).map((text) => outgoing(name, text)))).resolves.toHaveLength(100);
    await appender.close();
  });

  it('writes accepted records before it closes, and accepts none afterwards', async () => {
    const name = await topic();
    const appender = await log().appender({ lingerMs: 20 });
    const append = appender.append([outgoing(name, 'last')]);
    await appender.close();
    await expect(append).resolves.toMatchObject([{ offset: 0 }]);
    await expect(appender.append([outgoing(name, 'late')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  });
});
