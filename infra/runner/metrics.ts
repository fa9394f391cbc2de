import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2.5, 5];

/**
 * The metrics of every processor, worker and observer. Labels: `processor` and, where it varies, `partition`, `code` or
 * `outcome`.
 */
export interface RunnerMetrics {
  readonly recordsIn: Counter<'processor'>;
  readonly recordsOut: Counter<'processor'>;
  readonly deadLetters: Counter<'processor' | 'code'>;
  readonly restarts: Counter<'processor' | 'code'>;
  readonly batchRecords: Histogram<'processor'>;
  readonly decideSeconds: Histogram<'processor'>;
  readonly transactionSeconds: Histogram<'processor'>;
  /** Seconds from the append of a record to the commit of its results. */
  readonly ageSeconds: Histogram<'processor'>;
  readonly lagRecords: Gauge<'processor' | 'partition'>;
  readonly stateKeys: Gauge<'processor' | 'partition'>;
  readonly parkedKeys: Gauge<'processor' | 'partition'>;
  readonly restoreSeconds: Gauge<'processor'>;
  /** Records read so far by the restore under way, or by the last one. */
  readonly restoreRecords: Gauge<'processor'>;
  readonly restoreRecordsLeft: Gauge<'processor'>;
  readonly timers: Gauge<'processor' | 'partition'>;
  /** Seconds from the time of a timer to the commit of its command. */
  readonly timerLateSeconds: Histogram<'processor'>;
  readonly workersBusy: Gauge<'processor'>;
  readonly workRuns: Counter<'processor' | 'outcome'>;
  readonly workAbandoned: Counter<'processor' | 'code'>;
}

/** Registers the metrics of runners in `register` and returns them. Throws when they are registered there already. */
export function createRunnerMetrics(register: Registry): RunnerMetrics {
  const registers = [register];
  const processor = ['processor'] as const;
  return {
    recordsIn: new Counter({
      name: 'khipu_records_in_total',
      help: 'Records read and processed.',
      labelNames: processor,
      registers,
    }),
    recordsOut: new Counter({
      name: 'khipu_records_out_total',
      help: 'Records written.',
      labelNames: processor,
      registers,
    }),
    deadLetters: new Counter({
      name: 'khipu_dead_letters_total',
      help: 'Records written to a dead-letter topic.',
      labelNames: ['processor', 'code'],
      registers,
    }),
    restarts: new Counter({
      name: 'khipu_restarts_total',
      help: 'Restarts after an error: the processor fences and continues from what is committed.',
      labelNames: ['processor', 'code'],
      registers,
    }),
    batchRecords: new Histogram({
      name: 'khipu_batch_records',
      help: 'Records in one transaction.',
      labelNames: processor,
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000],
      registers,
    }),
    decideSeconds: new Histogram({
      name: 'khipu_decide_seconds',
      help: 'Time to decide one batch, decoding and encoding included.',
      labelNames: processor,
      buckets: SECONDS,
      registers,
    }),
    transactionSeconds: new Histogram({
      name: 'khipu_transaction_seconds',
      help: 'Time of one Kafka transaction.',
      labelNames: processor,
      buckets: SECONDS,
      registers,
    }),
    ageSeconds: new Histogram({
      name: 'khipu_record_age_seconds',
      help: 'From the append of a record to the commit of its results.',
      labelNames: processor,
      buckets: SECONDS,
      registers,
    }),
    lagRecords: new Gauge({
      name: 'khipu_lag_records',
      help: 'Offsets between the last processed record and the end of the input.',
      labelNames: ['processor', 'partition'],
      registers,
    }),
    stateKeys: new Gauge({
      name: 'khipu_state_keys',
      help: 'Keys of state in memory.',
      labelNames: ['processor', 'partition'],
      registers,
    }),
    parkedKeys: new Gauge({
      name: 'khipu_parked_keys',
      help: 'Keys that wait behind a dead letter.',
      labelNames: ['processor', 'partition'],
      registers,
    }),
    restoreSeconds: new Gauge({
      name: 'khipu_restore_seconds',
      help: 'Time of the last restore of state.',
      labelNames: processor,
      registers,
    }),
    workRuns: new Counter({
      name: 'khipu_worker_runs_total',
      help: 'Runs of records by workers: done, failed, WORK_DEADLINE or WORK_CANCELLED. A record counts once per run.',
      labelNames: ['processor', 'outcome'],
      registers,
    }),
    workAbandoned: new Counter({
      name: 'khipu_worker_abandoned_total',
      help: 'Records that a worker gave up, by code of the cause.',
      labelNames: ['processor', 'code'],
      registers,
    }),
    restoreRecords: new Gauge({
      name: 'khipu_restore_records',
      help: 'Records read by the restore of state under way, or by the last one.',
      labelNames: processor,
      registers,
    }),
    restoreRecordsLeft: new Gauge({
      name: 'khipu_restore_left_records',
      help: 'Offsets that the restore of state has yet to read; 0 when it is done.',
      labelNames: processor,
      registers,
    }),
    timers: new Gauge({
      name: 'khipu_timers',
      help: 'Timers that wait for their time.',
      labelNames: ['processor', 'partition'],
      registers,
    }),
    timerLateSeconds: new Histogram({
      name: 'khipu_timer_late_seconds',
      help: 'From the time of a timer to the commit of its command.',
      labelNames: processor,
      buckets: SECONDS,
      registers,
    }),
    workersBusy: new Gauge({
      name: 'khipu_worker_keys_busy',
      help: 'Keys being worked on.',
      labelNames: processor,
      registers,
    }),
  };
}
