import { percentile } from '../../statistics.ts';
import { type Aim, atMost, atMostTimes, type Figure, type Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { createJobTopics, jobTopics } from '../job.ts';
import { Probe } from '../probe.ts';
import { type Start, startKhipuOn, startStreamsOn, withBenchLog } from '../subjects/start-subject.ts';
import type { SubjectProcess } from '../subjects/subject-process.ts';

const PER_SECOND = 100;
/** Records sent before the measurement, until the compilers of both sides and of the broker settle. */
const WARM_UP = 1_000;
const MEASURED = 500;

const DEFAULT = 'Kafka Streams, default';
const EAGER = 'Kafka Streams, commit.interval.ms=1';

/** Measures the latency of one hop: from the append of a command to its committed output at a read_committed reader. */
export const hop: Figure = {
  name: 'hop',
  about: `latency of one hop at ${PER_SECOND} records/s, beside Kafka Streams exactly_once_v2`,
  needs: ['kafka'],
  run: (context) =>
    withBenchLog(context, async (log) => {
      const starts: Readonly<Record<string, Start>> = {
        kafkajs: startKhipuOn(context, log, 'kafkajs'),
        platformatic: startKhipuOn(context, log, 'platformatic'),
        [DEFAULT]: startStreamsOn(context, { store: 'memory', caching: false }),
        [EAGER]: startStreamsOn(context, { store: 'memory', caching: false, config: { 'commit.interval.ms': 1 } }),
      };
      const running: SubjectProcess[] = [];
      const probe = { current: null as Probe | null };
      try {
        // All sides run throughout and get work one at a time, so none is measured cold.
        const inputs = new Map<string, string>();
        for (const [at, [side, start]] of Object.entries(starts).entries()) {
          const name = `bench-hop-${at}`;
          const input = `${name}.commands`;
          await createJobTopics(log, jobTopics(name, input), 1);
          const started = await start({ name, input, partitions: 1 });
          running.push(started);
          await started.ready;
          inputs.set(side, input);
        }
        const opened = await Probe.open(log);
        probe.current = opened;
        for (const input of inputs.values())
          await opened.measure(input, context.sizes.quick ? PER_SECOND : WARM_UP, PER_SECOND);
        const measure = (input: string) => async () => {
          const waits = await opened.measure(input, context.sizes.quick ? PER_SECOND : MEASURED, PER_SECOND);
          return { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
        };
        const sides = Object.fromEntries([...inputs].map(([side, input]) => [side, measure(input)]));
        const found = await runInterleaved(context.sizes.runs, sides, context.note);
        return [row('p50', found.p50, p50Aims), row('p99', found.p99, () => [])];
      } finally {
        await probe.current?.close();
        await Promise.all(running.map((side) => side.stop()));
      }
    }),
};

type Medians = Readonly<Record<string, number>>;
const of = (medians: Medians, side: string): number => medians[side] ?? Number.NaN;

/** Returns the aims for the better driver. */
function p50Aims(medians: Medians): readonly Aim[] {
  const best = Math.min(of(medians, 'kafkajs'), of(medians, 'platformatic'));
  return [
    atMost(best, 6, 'ms'),
    atMostTimes(best, 0.1, of(medians, DEFAULT), DEFAULT),
    atMostTimes(best, 0.6, of(medians, EAGER), EAGER),
  ];
}

const row = (share: string, medians: Medians, aims: (medians: Medians) => readonly Aim[]): Row => ({
  what: `one hop at ${PER_SECOND} records/s, ${share}`,
  unit: 'ms',
  ours: { kafkajs: of(medians, 'kafkajs'), platformatic: of(medians, 'platformatic') },
  beside: { [DEFAULT]: of(medians, DEFAULT), [EAGER]: of(medians, EAGER) },
  aims: aims(medians),
});
