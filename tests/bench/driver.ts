import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { KafkaJsLog } from '../../infra/kafka/kafkajs/log.ts';
import { PlatformaticLog } from '../../infra/kafka/platformatic/log.ts';
import type { Log, OutgoingRecord } from '../../infra/kafka/port.ts';
import { median, percentile } from './statistics.ts';

/** Measures both drivers of the log port on the broker named by KAFKA_BROKERS, alternating, in one process. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, records: { type: 'string', default: '100000' } },
});
const rounds = Number(values.rounds);
const records = Number(values.records);

const SEND_RECORDS = 500;
const RECORD_BYTES = 300;
const TRANSACTION_RECORDS = 1_000;
const SMALL_TRANSACTIONS = 200;
const ROUND_TRIPS = 200;

const options = {
  brokers: (process.env['KAFKA_BROKERS'] ?? 'localhost:9092').split(','),
  clientId: 'khipu-bench',
  logger: pino({ level: 'silent' }),
  replicationFactor: 1,
};
const drivers: Readonly<Record<string, () => Log>> = {
  kafkajs: () => new KafkaJsLog(options),
  platformatic: () => new PlatformaticLog(options),
};

const value = Buffer.alloc(RECORD_BYTES, 'x');
const recordsOf = (topic: string, count: number): OutgoingRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    topic,
    partition: 0,
    key: `key-${n % 1_000}`,
    value,
    headers: { ce_id: `${n}`, ce_type: 'khipu.bench.Counted.v1' },
  }));

/** Returns records per second. */
async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - began);
}

async function produce(log: Log, topic: string): Promise<number> {
  const appender = await log.appender({ lingerMs: 0, pendingMax: records });
  const batch = recordsOf(topic, SEND_RECORDS);
  await appender.append(batch);
  const result = await rate(records, async () => {
    await Promise.all(Array.from({ length: records / SEND_RECORDS }, () => appender.append(batch)));
  });
  await appender.close();
  return result;
}

const readAll = (log: Log, topic: string): Promise<number> =>
  rate(records, () => log.readTo({ from: [{ topic, partition: 0, offset: 0 }], onBatch: () => undefined }));

const commit = (topic: string, count: number, offset: number) => ({
  records: recordsOf(topic, count),
  group: `bench.${topic}`,
  offsets: [{ topic, partition: 0, offset, metadata: '' }],
});

async function smallTransactions(log: Log, topic: string): Promise<number[]> {
  const transactor = await log.transactor(`bench.${topic}.small`);
  const samples: number[] = [];
  for (let n = 0; n < SMALL_TRANSACTIONS; n += 1) {
    const began = performance.now();
    await transactor.commit(commit(topic, 1, n));
    samples.push(performance.now() - began);
  }
  await transactor.close();
  return samples.slice(20);
}

async function largeTransactions(log: Log, topic: string): Promise<number> {
  const transactor = await log.transactor(`bench.${topic}.large`);
  const count = records / 4;
  const batch = commit(topic, TRANSACTION_RECORDS, 1);
  const result = await rate(count, async () => {
    for (let n = 0; n < count; n += TRANSACTION_RECORDS) await transactor.commit(batch);
  });
  await transactor.close();
  return result;
}

/**
 * Measures the time from append to the tail's handler, one record at a time with pauses between: the latency of an idle
 * log.
 */
async function roundTrips(log: Log, topic: string): Promise<number[]> {
  let arrived: () => void = () => undefined;
  const tail = await log.tail({
    topics: [topic],
    from: 'end',
    onBatch: () => arrived(),
    onCrash: (e) => console.error(e),
  });
  const appender = await log.appender({ lingerMs: 0 });
  const samples: number[] = [];
  for (let n = 0; n < ROUND_TRIPS; n += 1) {
    const seen = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const began = performance.now();
    await appender.append(recordsOf(topic, 1));
    await seen;
    samples.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await appender.close();
  await tail.close();
  return samples.slice(20);
}

const found = new Map<string, number[]>();
const note = (driver: string, what: string, figure: number): void => {
  found.set(`${what} ${driver}`, [...(found.get(`${what} ${driver}`) ?? []), figure]);
};

for (let round = 0; round < rounds; round += 1)
  for (const [driver, open] of Object.entries(drivers)) {
    const log = open();
    const topic = `bench.${driver}.${randomUUID().slice(0, 8)}`;
    await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
    note(driver, 'append, records/s', await produce(log, topic));
    note(driver, 'read, records/s', await readAll(log, topic));
    const small = await smallTransactions(log, topic);
    note(driver, 'transaction of 1, ms p50', median(small));
    note(driver, 'transaction of 1, ms p99', percentile(small, 0.99));
    note(driver, 'transactions of 1,000, records/s', await largeTransactions(log, topic));
    const trips = await roundTrips(log, topic);
    note(driver, 'append → tail, ms p50', median(trips));
    note(driver, 'append → tail, ms p99', percentile(trips, 0.99));
    await log.close();
  }

const whats = [...new Set([...found.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))))];
console.log(`medians of ${rounds} rounds, ${RECORD_BYTES} B values`);
for (const what of whats) {
  const shown = Object.keys(drivers).map((driver) => {
    const figure = median(found.get(`${what} ${driver}`) ?? []);
    return `${driver} ${figure > 100 ? Math.round(figure).toLocaleString('en') : figure.toFixed(1)}`.padEnd(24);
  });
  console.log(`${what.padEnd(36)}${shown.join('')}`);
}
