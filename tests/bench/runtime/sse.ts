import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { SessionTokens } from '../../../gateways/shared/auth/session-tokens.ts';
import { loadConfig } from '../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import type { Appender, OutgoingRecord } from '../../../infra/kafka/log.ts';
import { loadKeys } from '../../../infra/keys/load.ts';
import { turnDelta } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { median, percentile } from '../statistics.ts';
import { atMost, type BenchContext, type Figure, type Row } from './figure.ts';
import type { ReadersAnswer, ReadersOrder } from './sse-readers.ts';
import { needFiles, residentBytes, type Stage, serveGateway, setStage } from './stage.ts';

const STREAMS = 5_000;
const QUICK_STREAMS = 200;
/** A gateway takes 1,000 streams of a tenant. */
const STREAMS_PER_TENANT = 500;
const WARM_UP_STREAMS = 200;
const SECONDS = 20;
const WARM_UP_SECONDS = 10;
/** Streams are told in turn, so many appends a second: each of them hears once a second. */
const APPENDS_PER_SECOND = 50;
const SETTLE_MS = 12_000;
const BUSY_SECONDS = 5;
/** An event that takes longer is lost. */
const ARRIVAL_SECONDS_MAX = 60;
const TEXT = 'A khipu is a record of knotted cords, ';

interface Stream {
  readonly sessionId: string;
  readonly turnId: string;
  readonly tenantId: string;
  readonly token: string;
}

const collectOnSignal = new URL('collect-on-signal.ts', import.meta.url).href;

const nowUs = (): number => Number(process.hrtime.bigint() / 1_000n);

async function streamsOf(stage: Stage, count: number): Promise<Stream[]> {
  const tokens = await SessionTokens.open(loadKeys({ mode: 'development', keysDir: stage.keysDir }), {
    issuer: 'urn:khipu',
    ttlS: 3_600,
  });
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const sessionId = randomUUID();
      const tenantId = `tenant-${Math.floor(index / STREAMS_PER_TENANT)}`;
      const subject = { sessionId, tenantId, principal: 'bench', capabilities: [], persona: 'guide', model: null };
      return { sessionId, turnId: randomUUID(), tenantId, token: (await tokens.mint(subject)).token };
    }),
  );
}

/** The process of the readers, and what it answers. */
class Readers {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('sse-readers.ts', import.meta.url)), { serialization: 'advanced' });
  }

  async ask(order: ReadersOrder): Promise<ReadersAnswer> {
    const answering = once(this.#child, 'message') as Promise<[ReadersAnswer]>;
    this.#child.send(order);
    const [answer] = await answering;
    if (answer.type === 'failed') throw new Error(`a stream did not open: ${answer.detail}`);
    return answer;
  }

  async close(): Promise<void> {
    if (!this.#child.connected) return;
    const ended = once(this.#child, 'exit');
    this.#child.send({ type: 'close' } satisfies ReadersOrder);
    await ended;
  }
}

/** Other requests, from many connections: any busy gateway has grown its young generation, and that is not the streams'. */
async function busy(url: string, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  const ask = async (): Promise<void> => {
    while (performance.now() < until) await (await fetch(`${url}/openapi.json`)).arrayBuffer();
  };
  await Promise.all(Array.from({ length: 50 }, ask));
}

/** Resident memory when garbage was collected and all is at rest: the least of some looks, bytes. */
async function settledBytes(pid: number, waitMs: number): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < 4; look += 1) {
    process.kill(pid, 'SIGUSR2');
    await sleep(waitMs / 4);
    looks.push(residentBytes(pid));
  }
  return Math.min(...looks);
}

const eventOf = (decoder: KafkaConnection['decoder'], stream: Stream, sequence: number): OutgoingRecord => {
  const { sessionId, turnId, tenantId } = stream;
  const record = turnDelta({ sessionId, turnId, sequence, attempt: 1, index: sequence - 1, text: TEXT });
  const id = randomUUID();
  return toOutgoing(decoder.codec, {
    ...{ topic: topics.conversationEvents.name, key: sessionId, record, id, tenantId },
    ...{ correlationId: id, causationId: id, timeMs: Date.now(), source: 'bench' },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
};

/** One event to each stream every second, in `appends` appends spread over the second; acknowledged when, by stream and second. */
async function tell(
  appender: Appender,
  decoder: KafkaConnection['decoder'],
  streams: readonly Stream[],
  rounds: { readonly first: number; readonly count: number; readonly appends: number },
): Promise<Map<string, number>> {
  const acknowledged = new Map<string, number>();
  const running: Promise<void>[] = [];
  const size = Math.ceil(streams.length / rounds.appends);
  const began = performance.now();
  for (let round = 0; round < rounds.count; round += 1)
    for (let part = 0; part < rounds.appends; part += 1) {
      const due = began + 1_000 * (round + part / rounds.appends);
      await sleep(Math.max(0, due - performance.now()));
      const sequence = rounds.first + round;
      const told = streams.slice(part * size, (part + 1) * size);
      const appending = appender.append(told.map((stream) => eventOf(decoder, stream, sequence)));
      running.push(
        appending.then(() => {
          const at = nowUs();
          for (const nth of told.keys()) acknowledged.set(`${part * size + nth} ${sequence}`, at);
        }),
      );
    }
  await Promise.all(running);
  return acknowledged;
}

/** From the acknowledgement of an event to its arrival, ms. Throws when one did not come, or came twice. */
async function latencies(readers: Readers, acknowledged: ReadonlyMap<string, number>): Promise<number[]> {
  const arrived = new Map<string, number>();
  for (let waited = 0; arrived.size < acknowledged.size && waited < ARRIVAL_SECONDS_MAX; waited += 1) {
    await sleep(1_000);
    const answer = await readers.ask({ type: 'report' });
    if (answer.type !== 'report') throw new Error(`the readers answered ${answer.type}`);
    if (answer.ended > 0) throw new Error(`${answer.ended} streams ended before their time`);
    for (const [stream, sequence, at] of answer.arrivals) {
      const event = `${stream} ${sequence}`;
      if (arrived.has(event)) throw new Error(`event ${sequence} came twice on stream ${stream}`);
      arrived.set(event, at);
    }
  }
  return [...acknowledged].map(([event, at]) => {
    const came = arrived.get(event);
    if (came === undefined) throw new Error(`event ${event} did not come`);
    // Readers may hear of it before the one who wrote it does.
    return Math.max(0, came - at) / 1_000;
  });
}

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const { sizes, note } = context;
  const count = sizes.quick ? QUICK_STREAMS : STREAMS;
  const seconds = sizes.quick ? 3 : SECONDS;
  needFiles(count + 200);
  const stage = await setStage(context);
  const streams = await streamsOf(stage, count);
  const gateway = await serveGateway(stage, {
    name: 'gateway-sse',
    gateways: ['turns'],
    env: { NODE_OPTIONS: `--import=${collectOnSignal}` },
  });
  const kafka = await connectKafka(
    loadConfig({ ...stage.env, KHIPU_KAFKA_CLIENT: 'platformatic' }),
    'bench',
    pino({ level: 'silent' }),
  );
  const appender = await kafka.log.appender({ lingerMs: 0, pendingMax: 4 * count });
  const port = Number(new URL(gateway.url).port);
  const warm = new Readers();
  const readers = new Readers();
  try {
    await warm.ask({ type: 'open', port, streams: await streamsOf(stage, WARM_UP_STREAMS) });
    await warm.close();
    await busy(gateway.url, sizes.quick ? 1 : BUSY_SECONDS);
    const settleMs = sizes.quick ? 1_000 : SETTLE_MS;
    const without = await settledBytes(gateway.pid, settleMs);
    await readers.ask({ type: 'open', port, streams: streams.map(({ sessionId, token }) => ({ sessionId, token })) });
    const open = await settledBytes(gateway.pid, settleMs);
    note(`${count} streams are open: ${Math.round(without / 1e6)} MB before, ${Math.round(open / 1e6)} MB now`);
    const warmUp = sizes.quick ? 1 : WARM_UP_SECONDS;
    await latencies(
      readers,
      await tell(appender, kafka.decoder, streams, { first: 1, count: warmUp, appends: APPENDS_PER_SECOND }),
    );
    const spread = await latencies(
      readers,
      await tell(appender, kafka.decoder, streams, { first: 1 + warmUp, count: seconds, appends: APPENDS_PER_SECOND }),
    );
    note(`spread over the second: p50 ${median(spread).toFixed(1)}, p99 ${percentile(spread, 0.99).toFixed(1)} ms`);
    const burst = await latencies(
      readers,
      await tell(appender, kafka.decoder, streams, { first: 1 + warmUp + seconds, count: seconds, appends: 1 }),
    );
    note(`all at once: p50 ${median(burst).toFixed(1)}, p99 ${percentile(burst, 0.99).toFixed(1)} ms`);
    const under = await settledBytes(gateway.pid, settleMs);
    const perStream = (bytes: number): number => (bytes - without) / 1_024 / count;
    const what = `SSE: ${count.toLocaleString('en')} open turns in one process, an event each second to all`;
    const times = (samples: readonly number[]) => ({ p50: median(samples), p99: percentile(samples, 0.99) });
    return [
      {
        what: `${what}, spread over the second`,
        unit: 'ms',
        ours: times(spread),
        beside: {},
        aims: [atMost(percentile(spread, 0.99), 100, 'ms, p99')],
      },
      {
        what: `${what}, all at once`,
        unit: 'ms',
        ours: times(burst),
        beside: {},
        aims: [atMost(percentile(burst, 0.99), 100, 'ms, p99')],
      },
      {
        what: 'SSE: memory of a stream',
        unit: 'KB',
        ours: { open: perStream(open), 'after a minute of events': perStream(under) },
        beside: {},
        aims: [atMost(perStream(open), 20, 'KB')],
      },
    ];
  } finally {
    await warm.close();
    await readers.close();
    await appender.close();
    await kafka.close();
    await gateway.stop();
  }
}

export const sse: Figure = {
  name: 'sse',
  about: 'open turns in one gateway process: latency of their events, memory of a stream',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
