/** Costs of one governed turn, measured. `docs/reference/benchmarks.md` has the commands, the machine and what limits them. */

/** Parts of a platform that a turn takes processor time of. */
export type Part = 'gateway' | 'core' | 'model worker' | 'projections' | 'brokers' | 'Postgres';

/** Clients behind the log port. */
export const logClients = ['kafkajs', 'platformatic'] as const;
export type LogClient = (typeof logClients)[number];

/** Costs of a turn with one client. */
export interface TurnCosts {
  /** Processor time of a turn, ms of one core, by part, at 20 turns/s on two cores. */
  readonly cpuMs: Readonly<Record<Part, number>>;
  readonly transactions: number;
  readonly brokerRequests: number;
  /** Processor time of a turn in all parts, ms, by turns/s: what the model of costs is checked against. */
  readonly totalCpuMs: Readonly<Record<number, number>>;
}

/** Records of a turn, in all topics. */
export const RECORDS_OF_A_TURN = 23;
/**
 * Bytes that a turn adds to the log before replication: keys, values, headers, batches. Growth of the segments over 20 turns with a
 * short prompt and the deterministic model, 2026-11-30; longer texts add their own bytes some five times.
 */
export const LOG_BYTES_OF_A_TURN = 32_500;

/** `npm run bench:turn -- --only turn,cpu,restate --rates 5,10,20`, 2026-11-29, two cores, one broker, the deterministic model. */
export const turnCosts: Readonly<Record<LogClient, TurnCosts>> = {
  kafkajs: {
    cpuMs: { gateway: 6.8, core: 12, 'model worker': 4.3, projections: 8.4, brokers: 17.5, Postgres: 2.8 },
    ...{ transactions: 3.3, brokerRequests: 27 },
    totalCpuMs: { 5: 79, 10: 64, 20: 54.7 },
  },
  platformatic: {
    cpuMs: { gateway: 5.9, core: 5.4, 'model worker': 2.7, projections: 8, brokers: 18.2, Postgres: 4.1 },
    ...{ transactions: 3.5, brokerRequests: 21.9 },
    totalCpuMs: { 5: 61, 10: 50, 20: 45.5 },
  },
};
