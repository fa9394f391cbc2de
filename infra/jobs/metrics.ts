import { Counter, Histogram, type Registry } from 'prom-client';
import type { JobAccepted, JobSlotQueued } from '../../schemas/generated/records.ts';
import type { AnyRecord, Processor } from '../../streams/kernel.ts';

/** The metrics of the jobs processor. */
export interface JobProcessorMetrics {
  readonly executions: Counter<'type' | 'outcome'>;
  readonly seconds: Histogram<'type' | 'outcome'>;
}

/** Creates and registers the metrics. */
export function createJobProcessorMetrics(register: Registry): JobProcessorMetrics {
  const registers = [register];
  return {
    executions: new Counter({
      name: 'khipu_job_executions_total',
      help: 'Jobs that ended: completed, failed, dead or cancelled. Simulated ones are not counted',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    seconds: new Histogram({
      name: 'khipu_job_seconds',
      help: 'Time from the start of a job to its end, waits and pauses included',
      labelNames: ['type', 'outcome'],
      buckets: [0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1_800, 7_200, 86_400, 604_800],
      registers,
    }),
  };
}

/** The part of the state of a job that metrics depend on: streams/jobs/state.ts. */
interface JobState {
  readonly spec?: Pick<JobAccepted, 'type' | 'acceptedAt'> & Partial<Pick<JobAccepted, 'simulation'>>;
}

const outcomes: Readonly<Partial<Record<AnyRecord['type'], string>>> = {
  JobCompleted: 'completed',
  JobFailed: 'failed',
  JobDead: 'dead',
  JobCancelled: 'cancelled',
};

/**
 * Returns the same processor with metrics of the jobs that end, in `register`. The declaration stays pure; metrics are
 * taken where it runs. A job is counted when its end is decided, and again after an aborted transaction.
 */
export function meteredJobs(processor: Processor, register: Registry): Processor {
  const metrics = createJobProcessorMetrics(register);
  return {
    ...processor,
    decide: (state, record, meta, tables) => {
      const records = processor.decide(state, record, meta, tables);
      for (const { type } of records) {
        const outcome = outcomes[type];
        const spec = (state as JobState).spec;
        if (outcome === undefined || spec === undefined || spec.simulation) continue;
        metrics.executions.inc({ type: spec.type, outcome });
        metrics.seconds.observe({ type: spec.type, outcome }, Math.max(0, meta.timeMs - spec.acceptedAt) / 1_000);
      }
      return records;
    },
  };
}

/** The part of the state of a concurrency key that metrics depend on: streams/jobs/admission/state.ts. */
interface SlotsState {
  readonly queue: readonly Pick<JobSlotQueued, 'jobId' | 'lane' | 'chain'>[];
}

/** Returns the processor `job-admission` with a metric of the time for which jobs waited for their slots, in `register`. */
export function meteredSlots(processor: Processor, register: Registry): Processor {
  const waits = new Histogram({
    name: 'khipu_job_slot_wait_seconds',
    help: 'From the request of a job for a slot of its concurrency key to the grant',
    labelNames: ['type', 'lane'],
    buckets: [0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1_800, 7_200, 86_400],
    registers: [register],
  });
  return {
    ...processor,
    decide: (state, record, meta, tables) => {
      const records = processor.decide(state, record, meta, tables);
      const asked = records.flatMap((each) => (each.type === 'JobSlotQueued' ? [each.data] : []));
      for (const each of records) {
        if (each.type !== 'GrantJobSlot') continue;
        const { jobId, slotKey, chain } = each.data;
        const waited = [...asked, ...(state as SlotsState).queue].find((waiting) => waiting.jobId === jobId);
        if (waited === undefined) continue;
        const seconds = Math.max(0, chain.time - waited.chain.time) / 1_000;
        waits.observe({ type: slotKey.split('/')[1] ?? '', lane: waited.lane }, seconds);
      }
      return records;
    },
  };
}
