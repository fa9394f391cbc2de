import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { loadConfig } from '../../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../../infra/kafka/connect.ts';
import type { Appender } from '../../../../infra/kafka/port.ts';
import { connectPostgres, type Sql } from '../../../../infra/stores/postgres/client.ts';
import { events } from '../../../../projections/events/projection.ts';
import { topics } from '../../../../schemas/topics.ts';
import { median, percentile } from '../../statistics.ts';
import {
  type BenchPlatform,
  needFiles,
  type Serving,
  serveGateway,
  serveScript,
  setUpBenchPlatform,
} from '../bench-platform.ts';
import { type Aim, atMost, atMostTimes, type BenchContext, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { markAsRead } from '../read-positions.ts';
import { EventPublisher, streamsOf } from '../subjects/streams/event-publisher.ts';
import { Readers } from '../subjects/streams/readers.ts';
import { collectOnSignal, settledBytes } from '../subjects/streams/settled-memory.ts';
import { usageOf } from '../usage.ts';

const WARM_UP_STREAMS = 200;
/** Appends per second, spread over the streams in turn: each stream receives one event per second. */
const APPENDS_PER_SECOND = 50;
/** Maximum of runs; a run takes a minute. */
const RUNS_MAX = 3;

interface Extent {
  readonly streams: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly settleMs: number;
}
const whole: Extent = { streams: 5_000, warmUpSeconds: 8, seconds: 10, settleMs: 8_000 };
const quick: Extent = { streams: 200, warmUpSeconds: 1, seconds: 3, settleMs: 1_000 };

const drivers = ['kafkajs', 'platformatic'] as const;
type Side = (typeof drivers)[number] | 'bare node';
const bareStreams = fileURLToPath(new URL('../subjects/streams/bare-streams.ts', import.meta.url));

/** Measurements of one side in one run. */
interface Sample {
  readonly spreadP50: number;
  readonly spreadP99: number;
  readonly burstP50: number;
  readonly burstP99: number;
  /** Processor time of the serving process per event, µs. */
  readonly processorUs: number;
  /** Memory per stream, KB: open, and after some events. */
  readonly openKb: number;
  readonly activeKb: number;
}

interface Parts {
  readonly kafka: KafkaConnection;
  readonly appender: Appender;
  readonly sql: Sql;
}

function serve(platform: BenchPlatform, side: Side, name: string, youngFile: string): Promise<Serving> {
  const env = { NODE_OPTIONS: `--import=${collectOnSignal}`, BENCH_YOUNG_FILE: youngFile };
  if (side === 'bare node')
    return serveScript(platform, name, bareStreams, { ...env, BARE_TOPIC: topics.conversationDeltas.name });
  return serveGateway(platform, { name, gateways: ['turns'], env: { ...env, KHIPU_KAFKA_CLIENT: side } });
}

async function sampleOf(
  platform: BenchPlatform,
  side: Side,
  run: number,
  extent: Extent,
  { kafka, appender, sql }: Parts,
): Promise<Sample> {
  const name = `streams-${side.replaceAll(' ', '-')}-${run}`;
  const youngFile = join(platform.dir, `${name}.young`);
  const streams = await streamsOf(platform.keysDir, extent.streams);
  // No projection runs: without this, each stream would search the past for all events sent so far.
  await markAsRead(sql, kafka.log, events.name, topics.conversationEvents.name);
  const serving = await serve(platform, side, name, youngFile);
  const warm = new Readers();
  const readers = new Readers();
  const port = Number(new URL(serving.url).port);
  const resident = (): Promise<number> => settledBytes(serving.pid, youngFile, extent.settleMs);
  try {
    await warm.open(port, await streamsOf(platform.keysDir, WARM_UP_STREAMS));
    await warm.close();
    const without = await resident();
    await readers.open(port, streams);
    const open = await resident();
    const publisher = new EventPublisher({ appender, decoder: kafka.decoder, streams, readers });
    await publisher.start();
    await publisher.publish(extent.warmUpSeconds, APPENDS_PER_SECOND);
    const began = usageOf(serving.pid).cpuSeconds;
    const spread = await publisher.publish(extent.seconds, APPENDS_PER_SECOND);
    const processorUs = ((usageOf(serving.pid).cpuSeconds - began) * 1e6) / spread.length;
    const burst = await publisher.publish(extent.seconds, 1);
    const kbOf = (bytes: number): number => (bytes - without) / 1_024 / extent.streams;
    return {
      spreadP50: median(spread),
      spreadP99: percentile(spread, 0.99),
      burstP50: median(burst),
      burstP99: percentile(burst, 0.99),
      processorUs,
      openKb: kbOf(open),
      activeKb: kbOf(await resident()),
    };
  } finally {
    await warm.close();
    await readers.close();
    await serving.stop();
  }
}

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const { sizes, note } = context;
  const extent = sizes.quick ? quick : whole;
  needFiles(extent.streams + 200);
  const platform = await setUpBenchPlatform(context);
  const config = loadConfig({ ...platform.env, KHIPU_KAFKA_CLIENT: 'platformatic' });
  const kafka = await connectKafka(config, 'bench', pino({ level: 'silent' }));
  const appender = await kafka.log.appender({ lingerMs: 0, pendingMax: 4 * extent.streams });
  const sql = connectPostgres(config.databaseUrl, { applicationName: 'khipu-bench', connectionsMax: 1 });
  const run = (side: Side) => async (nth: number) => ({
    ...(await sampleOf(platform, side, nth, extent, { kafka, appender, sql })),
  });
  try {
    const medians = await runInterleaved<Side, keyof Sample>(
      Math.min(sizes.runs, RUNS_MAX),
      { kafkajs: run('kafkajs'), platformatic: run('platformatic'), 'bare node': run('bare node') },
      note,
    );
    return rowsOf(extent.streams, medians);
  } finally {
    await sql.end({ timeout: 2 });
    await appender.close();
    await kafka.close();
  }
}

function rowsOf(streams: number, medians: Readonly<Record<keyof Sample, Readonly<Record<Side, number>>>>): Row[] {
  const row = (what: string, unit: string, name: keyof Sample, aimsOf: (ours: number, bare: number) => Aim[]): Row => {
    const { 'bare node': bare, ...ours } = medians[name];
    const best = Math.min(...Object.values(ours));
    return { what: `SSE: ${what}`, unit, ours, beside: { 'bare node': bare }, aims: aimsOf(best, bare) };
  };
  const at = `${streams.toLocaleString('en')} open turns in one process, an event each second to all`;
  const inTime = (ours: number, bare: number) => [atMost(ours, 100, 'ms'), atMostTimes(ours, 1, bare, 'bare node')];
  return [
    row(`${at}, spread over the second, p50`, 'ms', 'spreadP50', () => []),
    row('the same, p99', 'ms', 'spreadP99', inTime),
    row('the same, all at once, p50', 'ms', 'burstP50', () => []),
    row('the same, p99', 'ms', 'burstP99', inTime),
    row('processor time of an event', 'µs', 'processorUs', () => []),
    row('memory of a stream', 'KB', 'openKb', (ours) => [atMost(ours, 20, 'KB')]),
    row('memory of a stream after some events', 'KB', 'activeKb', () => []),
  ];
}

export const sse: Figure = {
  name: 'sse',
  about: 'open turns in one gateway process: latency of their events, memory of a stream',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
