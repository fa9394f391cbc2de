import { type Spread, spreadOf } from '../statistics.ts';
import { readReported } from './metrics-text.ts';
import { openLoop, succeeded } from './open-loop.ts';
import { readThreads, secondsBetween } from './processor-time.ts';

/** Figures of one run of one side, by name. */
export type Samples = Readonly<Record<string, number>>;

/** The measured part of a request. */
export interface Latencies {
  /** From the time at which the request was due to its answer, ms. */
  readonly createdMs: number;
  /** To the first event of its stream, ms; absent where there is no stream. */
  readonly firstEventMs?: number;
}

/** A running system that answers requests. */
export interface Subject {
  /** Process ids by name; their children count with them. */
  readonly processes: ReadonlyMap<string, number>;
  /** Ports of the processes that report their transactions and requests. */
  readonly adminPorts: readonly number[];
  request(dueMs: number): Promise<Latencies>;
}

/** Work that a request causes after its answer (audit, read models) is over by then. */
const SETTLE_MS = 500;

/** Name of a sample at a rate. */
export const at = (rate: number, what: string): string => `${rate}/s ${what}`;
/** Prefix of the samples of processor time by process. */
export const CPU_OF = 'cpu of ';

/**
 * Measures `count` requests at a steady rate, open loop: latencies, and what a request costs all processes, from the
 * first request until shortly after the last answer. A failed request counts as one that takes forever.
 */
export async function measureAt(subject: Subject, rate: number, count: number): Promise<Samples> {
  const pids = [...subject.processes.values()];
  const reportedBefore = await readReported(subject.adminPorts);
  const own = process.cpuUsage();
  const before = readThreads(pids);
  const settled = await openLoop(count, rate, (dueMs) => subject.request(dueMs));
  const { user, system } = process.cpuUsage(own);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const after = readThreads(pids);
  const reported = await readReported(subject.adminPorts);

  const cpuMs = new Map<string, number>();
  for (const [name, pid] of subject.processes) {
    const [from, to] = [before.get(pid), after.get(pid)];
    if (from !== undefined && to !== undefined) cpuMs.set(name, (secondsBetween(from, to) * 1_000) / count);
  }
  const done = succeeded(settled);
  const failed = Array.from({ length: count - done.length }, () => Number.POSITIVE_INFINITY);
  const spread = (of: (latencies: Latencies) => number | undefined): Spread =>
    spreadOf([...done.flatMap((latencies) => of(latencies) ?? []), ...failed]);
  const created = spread(({ createdMs }) => createdMs);
  const named: Samples = {
    'created p50': created.p50,
    'created p95': created.p95,
    failed: failed.length,
    cpu: [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0),
    'load generator': (user + system) / 1_000 / count,
    ...firstEvents(spread(({ firstEventMs }) => firstEventMs)),
    ...(subject.adminPorts.length > 0 && {
      transactions: (reported.transactions - reportedBefore.transactions) / count,
      requests: (reported.requests - reportedBefore.requests) / count,
      records: (reported.records - reportedBefore.records) / count,
    }),
    ...Object.fromEntries([...cpuMs].map(([name, ms]) => [`${CPU_OF}${name}`, ms])),
  };
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [at(rate, name), value]));
}

const firstEvents = ({ p50, p95 }: Spread): Samples =>
  Number.isNaN(p50) ? {} : { 'first event p50': p50, 'first event p95': p95 };
