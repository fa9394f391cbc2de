/**
 * What a turn costs from outside: 500 sessions with a prompt at 20 a second, open loop, deterministic model.
 * Beside it, in the same run, the physical limit: append a record (acks=all) and see it come back, read_committed.
 */
import { parseArgs } from 'node:util';
import { loadConfig } from '../../infra/config.ts';
import { openLog } from '../../infra/kafka/connect.ts';
import { createLogger } from '../../infra/telemetry/logger.ts';
import { startTestPlatform } from '../support/platform.ts';
import { type Spread, spreadOf } from './statistics.ts';

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '500' },
    rate: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('usage: npm run bench:turn -- [--turns 500] [--rate 20 a second] [--json]');
  process.exit(0);
}
const turns = Number(values.turns);
const rate = Number(values.rate);
/** Until the broker's compiler has settled: for half a minute its transactions become faster and faster. */
const WARM_UP_TURNS = 500;

interface Turn {
  readonly createdMs: number;
  readonly firstEventMs: number;
}

/** From the POST to its 201, and from the POST to the first event of the stream. */
async function takeTurn(url: string, apiKey: string): Promise<Turn> {
  const began = performance.now();
  const created = await fetch(`${url}/v1/sessions/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ persona: 'guide', prompt: 'What is a khipu?' }),
  });
  if (created.status !== 201)
    throw new Error(`POST /v1/sessions/start answered ${created.status}: ${await created.text()}`);
  const { turn_url, token } = (await created.json()) as { turn_url: string; token: string };
  const createdMs = performance.now() - began;
  const stream = await fetch(new URL(turn_url, url), {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  if (stream.status !== 200 || stream.body === null) throw new Error(`GET ${turn_url} answered ${stream.status}`);
  let text = '';
  let firstEventMs = Number.NaN;
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (Number.isNaN(firstEventMs) && /^event: turn\./m.test(text)) firstEventMs = performance.now() - began;
  }
  if (!text.includes('event: turn.completed')) throw new Error(`the turn did not complete:\n${text}`);
  return { createdMs, firstEventMs };
}

/** Begins a piece of work at each tick, whether or not those before have ended. Rejects with the first failure, when all have ended. */
async function openLoop<T>(count: number, perSecond: number, work: () => Promise<T>): Promise<T[]> {
  const running: Promise<PromiseSettledResult<T>>[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    running.push(Promise.allSettled([work()]).then(([settled]) => settled));
    if (process.stderr.isTTY && index % perSecond === 0) process.stderr.write(`\r${index} of ${count} turns`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const settled = await Promise.all(running);
  const failed = settled.filter((result) => result.status === 'rejected');
  if (failed.length > 0) throw new Error(`${failed.length} of ${count} turns failed`, { cause: failed[0]?.reason });
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Append acks=all → the same process sees it: below this nothing that goes through the log can be. */
async function logRoundTrip(brokers: string, count: number): Promise<number[]> {
  const env = {
    SCHEMA_REGISTRY_URL: 'http://unused',
    DATABASE_URL: 'postgres://unused/x',
    REDIS_URL: 'redis://unused',
  };
  const log = openLog(loadConfig({ ...env, KAFKA_BROKERS: brokers }), 'bench', createLogger('bench', 'fatal'));
  const topic = 'bench.round-trip';
  await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
  let seen: () => void = () => undefined;
  const tail = await log.tail({
    topics: [topic],
    from: 'end',
    onBatch: ({ records }) => {
      if (records.length > 0) seen();
    },
    onCrash: () => undefined,
  });
  const appender = await log.appender({ lingerMs: 0 });
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const back = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const began = performance.now();
    await appender.append([{ topic, partition: 0, key: 'k', value: Buffer.alloc(300), headers: {} }]);
    await back;
    samples.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await appender.close();
  await tail.close();
  await log.close();
  return samples;
}

// A test platform takes nothing of Khipu's from outside; this one is what is measured.
const client = process.env['KHIPU_KAFKA_CLIENT'] ?? 'kafkajs';
const platform = await startTestPlatform({ env: { KHIPU_KAFKA_CLIENT: client } });
try {
  // A cold platform may answer 202, or late: that is not what is measured here.
  await openLoop(WARM_UP_TURNS, rate / 2, () => takeTurn(platform.url, platform.apiKey).catch(() => null));
  const limit = spreadOf((await logRoundTrip(platform.parts.env.KAFKA_BROKERS, 300)).slice(50));
  const samples = await openLoop(turns, rate, () => takeTurn(platform.url, platform.apiKey));
  const created = spreadOf(samples.map(({ createdMs }) => createdMs));
  const firstEvent = spreadOf(samples.map(({ firstEventMs }) => firstEventMs));
  const report = {
    kafka_client: client,
    turns,
    rate_per_second: rate,
    created_201_ms: created,
    first_event_ms: firstEvent,
    log_round_trip_ms: limit,
  };
  if (values.json) console.log(JSON.stringify(report));
  else {
    const row = (name: string, { p50, p95, p99 }: Spread) =>
      console.log(
        `${name.padEnd(34)} p50 ${p50.toFixed(1).padStart(7)}  p95 ${p95.toFixed(1).padStart(7)}  p99 ${p99.toFixed(1).padStart(7)} ms`,
      );
    console.log(`${turns} turns at ${rate} a second, deterministic model, ${client}`);
    row('POST → 201', created);
    row('POST → first SSE event', firstEvent);
    row('limit: append → read back', limit);
    console.log(`POST → 201 is ${(created.p50 / limit.p50).toFixed(1)} round trips of the log`);
  }
} finally {
  await platform.stop();
}
process.exit(0);
