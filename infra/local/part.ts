import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, logTail } from './child.ts';

/** `kafka` is the first broker; the other two are parts of their own, so that each can be killed and comes back alone. */
export const partNames = ['kafka', 'kafka-2', 'kafka-3', 'registry', 'postgres', 'redis'] as const;
export type PartName = (typeof partNames)[number];
export type BrokerName = Extract<PartName, `kafka${string}`>;
export const brokerNames = ['kafka', 'kafka-2', 'kafka-3'] as const satisfies readonly BrokerName[];
export type BrokerCount = 1 | 3;

/** What the outside world calls a part: the variable that names a running one, which is then used instead of ours. */
export const partVariables = {
  kafka: 'KAFKA_BROKERS',
  'kafka-2': 'KAFKA_BROKERS',
  'kafka-3': 'KAFKA_BROKERS',
  registry: 'SCHEMA_REGISTRY_URL',
  postgres: 'DATABASE_URL',
  redis: 'REDIS_URL',
} as const satisfies Record<PartName, string>;

export type PartEnv = Record<(typeof partVariables)[PartName], string>;

export interface Health {
  readonly ok: boolean;
  readonly detail: string;
}

export interface PartContext {
  /** Folder of everything a platform keeps: data/, logs/, keys/, state/. Absolute. */
  readonly dir: string;
  /** Values of the parts that this one needs. */
  readonly env: Readonly<Partial<PartEnv>>;
  /** Gives the start up: it rejects soon, having stopped what it started. */
  readonly signal: AbortSignal;
  /** Brokers of the cluster. Default: as many as it was begun with, 1 at first. */
  readonly brokers?: BrokerCount | undefined;
  /** By broker, the port of a proxy that stands before a second listener of it (`state/ports.json`: kafka-front). */
  readonly fronts?: readonly number[];
  /** Of a broker, beside its own and before them: what a laptop does without, such as logins. */
  readonly more?: BrokerSettings;
}

export interface BrokerSettings {
  readonly properties: Readonly<Record<string, string>>;
  /** Arguments with which its storage is formatted, before its first start. */
  readonly format: readonly string[];
}

/** A part that runs: answered its probe at least once. */
export interface Running {
  readonly name: PartName;
  /** Value of the part's variable. May hold a password. */
  readonly url: string;
  /** The same without secrets, for people. */
  readonly address: string;
  /** Undefined when the environment named the service and it is not ours to stop. */
  readonly child: Child | undefined;
  readonly health: () => Promise<Health>;
}

export interface Part {
  readonly name: PartName;
  readonly needs: readonly PartName[];
  /** Starts it and waits until it answers. Rejects with PartError, having stopped what it started. */
  readonly start: (context: PartContext) => Promise<Running>;
}

/**
 * PART_FAILED: a part did not come up, or ended on its way. The message names it and carries the last lines of its log.
 * BROKERS_CHANGED: the data was written by a cluster of another size.
 */
export class PartError extends Error {
  override readonly name = 'PartError';
  readonly code: 'PART_FAILED' | 'BROKERS_CHANGED';
  constructor(message: string, { code = 'PART_FAILED', ...options }: ErrorOptions & { code?: PartError['code'] } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Turns a probe that throws into a health; `detail` says why. */
export async function healthOf(probe: () => Promise<string>): Promise<Health> {
  try {
    return { ok: true, detail: await probe() };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Asks a child's probe until it answers. Rejects with PartError when the child ends first, `timeoutMs` pass or the signal
 * is given; the child is stopped then.
 */
export async function waitUntilHealthy(
  child: Child,
  health: () => Promise<Health>,
  { timeoutMs, signal, pauseMs = 25 }: { timeoutMs: number; signal: AbortSignal; pauseMs?: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last: Health = { ok: false, detail: 'not asked yet' };
  while (child.isRunning() && Date.now() < deadline && !signal.aborted) {
    last = await health();
    if (last.ok && child.isRunning()) return;
    await sleep(pauseMs);
  }
  const ended = !child.isRunning();
  await child.stop();
  if (signal.aborted && !ended) throw new PartError(`${child.name} was stopped while it started`);
  const { code, signal: killedBy } = await child.exited;
  const what = ended ? `ended with ${killedBy ?? code}` : `did not answer within ${timeoutMs} ms (${last.detail})`;
  throw new PartError(`${child.name} ${what}; the end of ${child.log}:\n${logTail(child)}`);
}
