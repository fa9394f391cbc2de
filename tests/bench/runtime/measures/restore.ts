import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '../../../../infra/kafka/port.ts';
import { stateRecord } from '../../../../infra/runner/processor/state-store.ts';
import { appendAll, recordsIn } from '../append-all.ts';
import { atMostTimes, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { counting, createJobTopics, jobTopics, keyOf } from '../job.ts';
import { rawRead } from '../subjects/raw-read.ts';
import { brokersOf, type Start, startKhipuOn, startStreamsOn, withBenchLog } from '../subjects/start-subject.ts';

const STREAMS = 'Kafka Streams, in memory';
const ROCKS = 'Kafka Streams, RocksDB';
const RAW = 'raw consumer (kafkajs)';

/**
 * Measures the time from the assignment of a partition to the first work on it, with a million keys of state to
 * restore.
 */
export const restore: Figure = {
  name: 'restore',
  about: 'restore of a state of as many keys as records, beside Kafka Streams and a raw consumer',
  needs: ['kafka'],
  run: (context) =>
    withBenchLog(context, async (log) => {
      const { records: keys, runs } = context.sizes;
      const input = 'bench-restore.commands';
      const jobs = { ours: 'bench-restore', theirs: 'bench-restore-streams' };
      const job = jobTopics(jobs.ours, input);
      await createJobTopics(log, job, 1);
      const changelog = `${jobs.theirs}-counts-changelog`;
      await log.createTopics([{ name: changelog, partitions: 1, config: { 'cleanup.policy': 'compact' } }]);
      const processor = counting(job);
      await appendAll(log, keys, (n) => stateRecord(processor, 0, keyOf(n), { count: 1 + (n % 10) }));
      await appendAll(log, keys, (n) => theirState(changelog, keyOf(n), 1 + (n % 10)));
      const appended = await recordsIn(log, job.state.name);
      const timed = (start: Start, name: string) => async () => {
        const side = await start({ name, input, partitions: 1 });
        try {
          return { seconds: (await side.ready) / 1_000, memory: side.usage().residentMb };
        } finally {
          await side.stop();
        }
      };
      const found = await runInterleaved(
        runs,
        {
          kafkajs: timed(startKhipuOn(context, log, 'kafkajs'), jobs.ours),
          platformatic: timed(startKhipuOn(context, log, 'platformatic'), jobs.ours),
          [STREAMS]: timed(startStreamsOn(context, { store: 'memory', caching: false }), jobs.theirs),
          [ROCKS]: async (run) => {
            // A separate folder: state on the disk would not be restored.
            const rocks = startStreamsOn(
              { ...context, dir: `${context.dir}/rocks-${run}-${randomUUID().slice(0, 8)}` },
              { store: 'rocksdb', caching: false },
            );
            return timed(rocks, jobs.theirs)();
          },
          [RAW]: async () => ({
            seconds: await rawRead(brokersOf(context), job.state.name, appended),
            memory: Number.NaN,
          }),
        },
        context.note,
      );
      return rows(keys, found.seconds, found.memory);
    }),
};

function rows(
  keys: number,
  seconds: Readonly<Record<string, number>>,
  memory: Readonly<Record<string, number>>,
): Row[] {
  const { kafkajs = 0, platformatic = 0, [STREAMS]: inMemory = 0, [ROCKS]: rocks = 0, [RAW]: raw = 0 } = seconds;
  const rate = (of: number): number => keys / of;
  return [
    {
      what: `restore of ${keys.toLocaleString('en')} keys`,
      unit: 's',
      ours: { kafkajs, platformatic },
      beside: { [STREAMS]: inMemory, [ROCKS]: rocks },
      aims: [atMostTimes(Math.min(kafkajs, platformatic), 1.2, Math.min(inMemory, rocks), 'Kafka Streams')],
    },
    {
      what: 'restore',
      unit: 'records/s',
      ours: { kafkajs: rate(kafkajs), platformatic: rate(platformatic) },
      beside: { [STREAMS]: rate(inMemory), [ROCKS]: rate(rocks), [RAW]: rate(raw) },
      aims: [],
    },
    {
      what: `resident memory with ${keys.toLocaleString('en')} keys`,
      unit: 'MB',
      ours: { kafkajs: memory['kafkajs'] ?? Number.NaN, platformatic: memory['platformatic'] ?? Number.NaN },
      beside: { [STREAMS]: memory[STREAMS] ?? Number.NaN, [ROCKS]: memory[ROCKS] ?? Number.NaN },
      aims: [],
    },
  ];
}

/** Returns a state record in the format of Kafka Streams: a Long of eight bytes, big endian. */
function theirState(topic: string, key: string, count: number): OutgoingRecord {
  const value = Buffer.alloc(8);
  value.writeBigInt64BE(BigInt(count));
  return { topic, partition: 0, key, value, headers: {} };
}
