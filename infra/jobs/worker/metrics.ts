import { Counter, Histogram, type Registry } from 'prom-client';

/** The metrics of a job runner. */
export interface JobMetrics {
  readonly runs: Counter<'type' | 'outcome'>;
  readonly seconds: Histogram<'type'>;
  readonly steps: Counter<'type' | 'outcome'>;
  readonly queueSeconds: Histogram<'type'>;
}

/** Creates and registers the metrics. */
export function createJobMetrics(register: Registry): JobMetrics {
  const registers = [register];
  return {
    runs: new Counter({
      name: 'khipu_job_runs_total',
      help: 'Runs of jobs: completed, failed, waiting, stopped, mismatch, lost',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    seconds: new Histogram({
      name: 'khipu_job_run_seconds',
      help: 'Time of a run of a job, without its waits',
      labelNames: ['type'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1_800, 7_200],
      registers,
    }),
    steps: new Counter({
      name: 'khipu_job_steps_total',
      help: 'Attempts of steps of jobs: completed, failed, attempted',
      labelNames: ['type', 'outcome'],
      registers,
    }),
    queueSeconds: new Histogram({
      name: 'khipu_job_queue_age_seconds',
      help: 'From what caused a run of a job, such as its start or a signal, to its begin at a worker',
      labelNames: ['type'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 60, 300, 1_800],
      registers,
    }),
  };
}
