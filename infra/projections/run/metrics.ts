import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2.5, 5];

/** The metrics of every read model. */
export interface ProjectionMetrics {
  readonly recordsIn: Counter<'view'>;
  readonly transactions: Counter<'store'>;
  readonly batchRecords: Histogram<'view'>;
  readonly transactionSeconds: Histogram<'view'>;
  /** Seconds from the append of the oldest record of a batch to its rows. */
  readonly ageSeconds: Histogram<'view'>;
  readonly lagRecords: Gauge<'view' | 'topic' | 'partition'>;
  readonly deadLetters: Counter<'view' | 'code'>;
  readonly restarts: Counter<'view' | 'code'>;
}

/** Registers the metrics of read models in `register` and returns them. */
export function createProjectionMetrics(register: Registry): ProjectionMetrics {
  const registers = [register];
  const view = ['view'] as const;
  return {
    recordsIn: new Counter({
      name: 'khipu_projection_records_in_total',
      help: 'Records written to a read model.',
      labelNames: view,
      registers,
    }),
    transactions: new Counter({
      name: 'khipu_projection_transactions_total',
      help: 'Transactions in which a store wrote rows and positions, of one view or of several.',
      labelNames: ['store'],
      registers,
    }),
    batchRecords: new Histogram({
      name: 'khipu_projection_batch_records',
      help: 'Records in one transaction of a read model.',
      labelNames: view,
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
      registers,
    }),
    transactionSeconds: new Histogram({
      name: 'khipu_projection_transaction_seconds',
      help: 'Time of one transaction of a read model.',
      labelNames: view,
      buckets: SECONDS,
      registers,
    }),
    ageSeconds: new Histogram({
      name: 'khipu_projection_record_age_seconds',
      help: 'From the append of the oldest record of a batch to its rows.',
      labelNames: view,
      buckets: SECONDS,
      registers,
    }),
    lagRecords: new Gauge({
      name: 'khipu_projection_lag_records',
      help: 'Offsets between the position of a read model and the end of its input.',
      labelNames: ['view', 'topic', 'partition'],
      registers,
    }),
    deadLetters: new Counter({
      name: 'khipu_projection_dead_letters_total',
      help: 'Records that a read model rejected.',
      labelNames: ['view', 'code'],
      registers,
    }),
    restarts: new Counter({
      name: 'khipu_projection_restarts_total',
      help: 'Times a read model read its positions again and restarted.',
      labelNames: ['view', 'code'],
      registers,
    }),
  };
}
