import type { Log } from '../../../../infra/kafka/port.ts';
import type { BenchContext, Figure, Row } from '../figure.ts';
import { runInterleaved } from '../interleaved-runs.ts';
import { createJobTopics, jobTopics } from '../job.ts';
import { Probe } from '../probe.ts';
import { type Start, startKhipuOn, startStreamsOn, withBenchLog } from '../subjects/start-subject.ts';

const STREAMS = 'Kafka Streams, default';
const IDLE_MS = 5_000;
const PER_SECOND = 500;
const LOAD_SECONDS = 4;

/**
 * Measures memory and processor time of a processor's process: idle, and at a steady rate. Under a backlog: see
 * throughput.
 */
export const memory: Figure = {
  name: 'memory',
  about: `memory and processor time of a process, idle and at ${PER_SECOND} records/s, beside Kafka Streams`,
  needs: ['kafka'],
  run: (context) =>
    withBenchLog(context, async (log) => {
      // Creates the output topic that all jobs share, before it is read.
      await createJobTopics(log, jobTopics('bench-memory', 'bench-memory.commands'), 1);
      const probe = await Probe.open(log);
      try {
        const measured = (start: Start, at: number) => (run: number) =>
          once(context, log, probe, start, `bench-memory-${at}-${run}`);
        const found = await runInterleaved(
          context.sizes.runs,
          {
            kafkajs: measured(startKhipuOn(context, log, 'kafkajs'), 0),
            platformatic: measured(startKhipuOn(context, log, 'platformatic'), 1),
            [STREAMS]: measured(startStreamsOn(context, { store: 'memory', caching: false }), 2),
          },
          context.note,
        );
        return [
          row('resident memory, idle', 'MB', found.idleMb),
          row('processor time, idle', '% of a core', found.idleCpu),
          row(`resident memory at ${PER_SECOND} records/s`, 'MB', found.loadMb),
          row(`processor time per 10,000 records at ${PER_SECOND} records/s`, 's', found.loadCpu),
        ];
      } finally {
        await probe.close();
      }
    }),
};

async function once({ sizes }: BenchContext, log: Log, probe: Probe, start: Start, name: string) {
  const input = `${name}.commands`;
  await createJobTopics(log, jobTopics(name, input), 4);
  const side = await start({ name, input, partitions: 4 });
  try {
    await side.ready;
    const idleMs = sizes.quick ? IDLE_MS / 10 : IDLE_MS;
    const ready = side.usage();
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    const idle = side.usage();
    const count = PER_SECOND * (sizes.quick ? 1 : LOAD_SECONDS);
    await probe.measure(input, count, PER_SECOND);
    const load = side.usage();
    return {
      idleMb: idle.residentMb,
      idleCpu: ((idle.cpuSeconds - ready.cpuSeconds) * 100_000) / idleMs,
      loadMb: load.residentMbMax,
      loadCpu: ((load.cpuSeconds - idle.cpuSeconds) * 10_000) / count,
    };
  } finally {
    await side.stop();
  }
}

const row = (what: string, unit: string, medians: Readonly<Record<string, number>>): Row => ({
  what: `${what}, 4 partitions`,
  unit,
  ours: { kafkajs: medians['kafkajs'] ?? Number.NaN, platformatic: medians['platformatic'] ?? Number.NaN },
  beside: { [STREAMS]: medians[STREAMS] ?? Number.NaN },
  aims: [],
});
