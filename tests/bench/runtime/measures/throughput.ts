import type { Log } from '../../../../infra/kafka/port.ts';
import { groupOf } from '../../../../infra/runner/names.ts';
import { recordsIn } from '../append-all.ts';
import { measureBacklog } from '../backlog-throughput.ts';
import { atLeastTimes, type BenchContext, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { appendBacklog, createJobTopics, jobTopics, OUTPUT_TOPIC } from '../job.ts';
import { plainGroup } from '../subjects/plain-log.ts';
import { brokersOf, type Start, startKhipuOn, startStreamsOn, withBenchLog } from '../subjects/start-subject.ts';
import { deleteRunTopics } from '../topic-cleanup.ts';

const DEFAULT = 'Kafka Streams, default';
const BEST = 'Kafka Streams, best';
const PLAIN = 'platformatic without transactions';

/**
 * Settings that a user raises for throughput: fewer commits, larger polls, buffers and batches. The best of the
 * settings tried, not of all possible ones.
 */
const BEST_SETTINGS = {
  'commit.interval.ms': 1_000,
  'max.poll.records': 5_000,
  'buffered.records.per.partition': 10_000,
  'producer.batch.size': 262_144,
};

interface Contender {
  readonly start: Start;
  /** Group whose committed offsets show the progress. */
  readonly group: (name: string) => string;
}

const contenders = (context: BenchContext, log: Log, partitions: number): Readonly<Record<string, Contender>> => ({
  kafkajs: { start: startKhipuOn(context, log, 'kafkajs'), group: groupOf },
  platformatic: { start: startKhipuOn(context, log, 'platformatic'), group: groupOf },
  // The cost of transactions is measured only with one partition, where nothing else hides it.
  ...(partitions === 1 && {
    [PLAIN]: { start: startKhipuOn(context, log, 'platformatic', false), group: (name) => plainGroup(groupOf(name)) },
  }),
  [DEFAULT]: { start: startStreamsOn(context, { store: 'memory', caching: false }), group: (name) => name },
  [BEST]: {
    start: startStreamsOn(context, { store: 'memory', caching: true, config: BEST_SETTINGS }),
    group: (name) => name,
  },
});

/** Measures a backlog that one process drains, exactly once: records/s, and processor time and memory meanwhile. */
export const throughput: Figure = {
  name: 'throughput',
  about: 'exactly-once with a backlog, one process, 1 and 4 partitions, beside Kafka Streams',
  needs: ['kafka'],
  run: (context) =>
    withBenchLog(context, async (log) => {
      const rows: Row[] = [];
      for (const partitions of [1, 4]) rows.push(...(await ofPartitions(context, log, partitions)));
      return rows;
    }),
};

async function ofPartitions(context: BenchContext, log: Log, partitions: number): Promise<readonly Row[]> {
  const { runs } = context.sizes;
  const input = `bench-backlog-${partitions}.commands`;
  await createJobTopics(log, jobTopics(`bench-backlog-${partitions}`, input), partitions);
  const began = performance.now();
  await appendBacklog(log, input, context.sizes.records);
  const records = await recordsIn(log, input);
  context.note(`${records} records appended in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  const sides = Object.fromEntries(
    Object.entries(contenders(context, log, partitions)).map(([side, { start, group }], at) => [
      side,
      async (run: number) => {
        const name = `bench-drain-${partitions}-${at}-${run}`;
        const figures = await measureBacklog({ log, start, name, group: group(name), input, partitions, records });
        await deleteRunTopics(brokersOf(context), OUTPUT_TOPIC, [`${name}.state`, `${name}-counts-changelog`]);
        return figures;
      },
    ]),
  );
  const found = await runInterleaved(runs, sides, context.note);
  return [rateRow(partitions, found.rate), ...useRows(partitions, found.cpu, found.memory)];
}

type Medians = Readonly<Record<string, number>>;

const pick = (medians: Medians, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(names.map((name) => [name, medians[name] ?? Number.NaN]));

function rateRow(partitions: number, medians: Medians): Row {
  const { kafkajs = 0, platformatic = 0, [PLAIN]: plain } = medians;
  const beside = pick(medians, [DEFAULT, BEST]);
  const theirs = Math.max(...Object.values(beside));
  return {
    what: `backlog, ${partitions} partition${partitions > 1 ? 's' : ''}`,
    unit: 'records/s',
    ours: pick(medians, ['kafkajs', 'platformatic']),
    beside: plain === undefined ? beside : { ...beside, [PLAIN]: plain },
    aims: [
      atLeastTimes(Math.max(kafkajs, platformatic), 1, theirs, 'the faster Kafka Streams'),
      ...(plain === undefined ? [] : [atLeastTimes(platformatic, 0.6, plain, PLAIN)]),
    ],
  };
}

const useRows = (partitions: number, cpu: Medians, memory: Medians): readonly Row[] =>
  (
    [
      ['processor time per 10,000 records, backlog', 's', cpu],
      ['resident memory, backlog', 'MB', memory],
    ] as const
  ).map(([what, unit, medians]) => ({
    what: `${what}, ${partitions} partition${partitions > 1 ? 's' : ''}`,
    unit,
    ours: pick(medians, ['kafkajs', 'platformatic']),
    beside: pick(medians, [DEFAULT, BEST]),
    aims: [],
  }));
