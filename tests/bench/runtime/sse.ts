import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { loadConfig } from '../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../infra/kafka/connect.ts';
import type { Appender } from '../../../infra/kafka/log.ts';
import { connectPostgres, type Sql } from '../../../infra/postgres/client.ts';
import { events } from '../../../projections/events/projection.ts';
import { topics } from '../../../schemas/topics.ts';
import { median, percentile } from '../statistics.ts';
import { alternate } from './alternate.ts';
import { claimRead } from './claim-read.ts';
import { type Aim, atMost, atMostTimes, type BenchContext, type Figure, type Row } from './figure.ts';
import { needFiles, type Serving, type Stage, serveGateway, serveScript, setStage } from './stage.ts';
import { collectOnSignal, settledBytes } from './streams/memory-of.ts';
import { Readers } from './streams/readers.ts';
import { streamsOf, Telling } from './streams/telling.ts';
import { usageOf } from './usage.ts';

const WARM_UP_STREAMS = 200;
/** Streams are told in turn, so many appends a second: each of them hears once a second. */
const APPENDS_PER_SECOND = 50;
/** A run takes a minute. */
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
const bareStreams = fileURLToPath(new URL('streams/bare-streams.ts', import.meta.url));

/** Of one side in one run. */
interface Sample {
  readonly spreadP50: number;
  readonly spreadP99: number;
  readonly burstP50: number;
  readonly burstP99: number;
  /** Of the serving process, an event, µs. */
  readonly processorUs: number;
  /** Of a stream, KB. */
  readonly openKb: number;
  readonly toldKb: number;
}

interface Parts {
  readonly kafka: KafkaConnection;
  readonly appender: Appender;
  readonly sql: Sql;
}

function serve(stage: Stage, side: Side, name: string, youngFile: string): Promise<Serving> {
  const env = { NODE_OPTIONS: `--import=${collectOnSignal}`, BENCH_YOUNG_FILE: youngFile };
  if (side === 'bare node')
    return serveScript(stage, name, bareStreams, { ...env, BARE_TOPIC: topics.conversationEvents.name });
  return serveGateway(stage, { name, gateways: ['turns'], env: { ...env, KHIPU_KAFKA_CLIENT: side } });
}

async function sampleOf(
  stage: Stage,
  side: Side,
  run: number,
  extent: Extent,
  { kafka, appender, sql }: Parts,
): Promise<Sample> {
  const name = `streams-${side.replaceAll(' ', '-')}-${run}`;
  const youngFile = join(stage.dir, `${name}.young`);
  const streams = await streamsOf(stage.keysDir, extent.streams);
  // No projection runs: without this each stream would look for its past in all that was told before.
  await claimRead(sql, kafka.log, events.name, topics.conversationEvents.name);
  const serving = await serve(stage, side, name, youngFile);
  const warm = new Readers();
  const readers = new Readers();
  const port = Number(new URL(serving.url).port);
  const resident = (): Promise<number> => settledBytes(serving.pid, youngFile, extent.settleMs);
  try {
    await warm.open(port, await streamsOf(stage.keysDir, WARM_UP_STREAMS));
    await warm.close();
    const without = await resident();
    await readers.open(port, streams);
    const open = await resident();
    const telling = new Telling({ appender, decoder: kafka.decoder, streams, readers });
    await telling.tell(extent.warmUpSeconds, APPENDS_PER_SECOND);
    const began = usageOf(serving.pid).cpuSeconds;
    const spread = await telling.tell(extent.seconds, APPENDS_PER_SECOND);
    const processorUs = ((usageOf(serving.pid).cpuSeconds - began) * 1e6) / spread.length;
    const burst = await telling.tell(extent.seconds, 1);
    const kbOf = (bytes: number): number => (bytes - without) / 1_024 / extent.streams;
    return {
      spreadP50: median(spread),
      spreadP99: percentile(spread, 0.99),
      burstP50: median(burst),
      burstP99: percentile(burst, 0.99),
      processorUs,
      openKb: kbOf(open),
      toldKb: kbOf(await resident()),
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
  const stage = await setStage(context);
  const config = loadConfig({ ...stage.env, KHIPU_KAFKA_CLIENT: 'platformatic' });
  const kafka = await connectKafka(config, 'bench', pino({ level: 'silent' }));
  const appender = await kafka.log.appender({ lingerMs: 0, pendingMax: 4 * extent.streams });
  const sql = connectPostgres(config.databaseUrl, { applicationName: 'khipu-bench', connectionsMax: 1 });
  const run = (side: Side) => async (nth: number) => ({
    ...(await sampleOf(stage, side, nth, extent, { kafka, appender, sql })),
  });
  try {
    const medians = await alternate<Side, keyof Sample>(
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
    row('memory of a stream after some events', 'KB', 'toldKb', () => []),
  ];
}

export const sse: Figure = {
  name: 'sse',
  about: 'open turns in one gateway process: latency of their events, memory of a stream',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
