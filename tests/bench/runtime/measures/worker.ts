import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { loadConfig } from '../../../../infra/config.ts';
import { connectKafka, type KafkaConnection } from '../../../../infra/kafka/connect.ts';
import { toOutgoing } from '../../../../infra/kafka/envelope.ts';
import type { LogRecord } from '../../../../infra/kafka/port.ts';
import { systemClock } from '../../../../infra/kit/clock.ts';
import { createRunnerMetrics } from '../../../../infra/runner/metrics.ts';
import { runWorker } from '../../../../infra/runner/worker/runner.ts';
import { inferenceFailed, inferText } from '../../../../schemas/generated/records.ts';
import { topics } from '../../../../schemas/topics.ts';
import { worker } from '../../../../streams/kernel.ts';
import { type BenchPlatform, setUpBenchPlatform } from '../bench-platform.ts';
import { atMost, type BenchContext, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';

const WORK_MS_MAX = 5;
const CONCURRENCY_MAX = 256;
/**
 * Share of the records in the one-at-a-time run, which is slow and even: the total time is extrapolated from a part.
 */
const ALONE_SHARE = 0.2;

const drivers = ['kafkajs', 'platformatic'] as const;
const logger = pino({ level: 'silent' });

interface Sizes {
  readonly records: number;
  readonly keys: number;
}

/**
 * Returns a pause of 0 to 5 ms, fixed by the position of the record in its run, so that all runs have the same pauses.
 */
const workMs = (index: number): number => ((index * 7_919) % 1_000) * (WORK_MS_MAX / 999);

/**
 * Appends `records` commands of `keys` keys to one partition. Returns the seconds from the start of the first one's
 * work until all are committed.
 */
async function drain(kafka: KafkaConnection, { records, keys }: Sizes, concurrencyMax: number): Promise<number> {
  const { log, decoder } = kafka;
  const run = randomUUID().slice(0, 8);
  const input = { ...topics.inferenceCommands, name: `bench.worker.${run}`, partitions: 1 };
  const deadLetters = `${input.name}.dlq`;
  await log.createTopics([input.name, deadLetters].map((name) => ({ name, partitions: 1, config: {} })));
  const appender = await log.appender({ pendingMax: records });
  const outgoing = Array.from({ length: records }, (_, index) => {
    const key = `${run}-${index % keys}`;
    const data = {
      requestId: key,
      principal: 'bench',
      capabilities: [],
      model: null,
      prompt: `${index}`,
      maxTokens: null,
      credential: null,
      labels: [],
    };
    const id = randomUUID();
    const ids = { id, correlationId: id, causationId: id, tenantId: 'bench', place: 'bench/0', timeMs: Date.now() };
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    return toOutgoing(decoder.codec, {
      topic: input.name,
      key,
      record: inferText(data),
      traceparent,
      source: 'bench',
      ...ids,
    });
  });
  await appender.append(outgoing);
  await appender.close();
  const ends = (await log.watermarks([topics.inferenceEvents.name])).map(({ high, ...place }) => ({
    ...place,
    offset: high,
  }));

  const declared = worker({
    name: `bench-worker-${run}`,
    inputs: [input],
    outputs: [topics.inferenceEvents],
    key: ({ data }) => data.requestId,
    concurrencyMax,
    attemptsMax: 1,
    deadlineMs: 60_000,
  });
  let began = 0;
  const handler = {
    handle: async (record: { data: object }, context: { emit: (...records: never[]) => Promise<void> }) => {
      const { requestId, prompt } = record.data as { requestId: string; prompt: string };
      began ||= performance.now();
      await sleep(workMs(Number(prompt)));
      await context.emit(inferenceFailed({ requestId, code: 'BENCH', detail: prompt, refusal: null }) as never);
    },
    abandon: async () => undefined,
  };
  const runner = runWorker(declared, handler as never, {
    log,
    decoder,
    metrics: createRunnerMetrics(new Registry()),
    logger,
    clock: systemClock,
    onFatal: (error) => logger.fatal({ error }),
  });
  const group = `khipu.${declared.name}`;
  for (;;) {
    const [place] = await log.committed(group, [input.name]);
    if ((place?.offset ?? 0) >= records) break;
    await sleep(20);
  }
  const seconds = (performance.now() - began) / 1_000;
  await runner.close();
  const results: LogRecord[] = [];
  await log.readTo({ from: ends, onBatch: ({ records: read }) => void results.push(...read) });
  checkOnceAndInOrder(results, decoder, run, { records, keys });
  return seconds;
}

/** Throws unless each record came out once, and the records of a key in their input order. */
function checkOnceAndInOrder(
  results: readonly LogRecord[],
  decoder: KafkaConnection['decoder'],
  run: string,
  { records, keys }: Sizes,
): void {
  const byKey = new Map<string, number[]>();
  for (const result of results) {
    if (result.key?.startsWith(`${run}-`) !== true) continue;
    const { detail } = decoder.decodeSync(result).record.data as { detail: string };
    byKey.set(result.key, [...(byKey.get(result.key) ?? []), Number(detail)]);
  }
  for (let key = 0; key < Math.min(keys, records); key += 1) {
    const came = byKey.get(`${run}-${key}`) ?? [];
    const went = Array.from({ length: Math.ceil((records - key) / keys) }, (_, nth) => key + nth * keys);
    if (came.join() !== went.join()) throw new Error(`key ${key}: went in ${went.join()}, came out ${came.join()}`);
  }
}

const connect = (platform: BenchPlatform, client: (typeof drivers)[number]): Promise<KafkaConnection> =>
  connectKafka(loadConfig({ ...platform.env, KHIPU_KAFKA_CLIENT: client }), 'bench-worker', logger);

async function measure(context: BenchContext): Promise<readonly Row[]> {
  const { sizes, note } = context;
  const all: Sizes = sizes.quick ? { records: 500, keys: 50 } : { records: 10_000, keys: 1_000 };
  const part: Sizes = { ...all, records: Math.round(all.records * ALONE_SHARE) };
  const platform = await setUpBenchPlatform(context);
  const kafka = { kafkajs: await connect(platform, 'kafkajs'), platformatic: await connect(platform, 'platformatic') };
  try {
    const { seconds } = await runInterleaved(
      sizes.runs,
      {
        kafkajs: async () => ({ seconds: await drain(kafka.kafkajs, all, CONCURRENCY_MAX) }),
        platformatic: async () => ({ seconds: await drain(kafka.platformatic, all, CONCURRENCY_MAX) }),
        'one at a time': async () => ({ seconds: (await drain(kafka.kafkajs, part, 1)) / ALONE_SHARE }),
      },
      note,
    );
    const alone = seconds['one at a time'];
    const aims = drivers.map((driver) => atMost(seconds[driver] / alone, 0.1, `of one at a time (${driver})`));
    const { kafkajs, platformatic } = seconds;
    const count = `${all.records.toLocaleString('en')} records, 0–5 ms of work each, ${all.keys.toLocaleString('en')} keys, one partition`;
    return [
      {
        what: `worker: ${count}`,
        unit: 's',
        ours: { kafkajs, platformatic },
        beside: { 'one at a time': alone },
        aims,
      },
    ];
  } finally {
    await Promise.all(Object.values(kafka).map((connection) => connection.close()));
  }
}

export const workers: Figure = {
  name: 'worker',
  about: 'keys side by side beside one record at a time; order and exactly once are checked in the run',
  needs: ['kafka', 'registry', 'postgres', 'redis'],
  run: measure,
};
