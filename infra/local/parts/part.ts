import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../kit/errors.ts';
import { type Child, logTail } from '../process/child.ts';
import type { LocalTls } from '../tls/local-tls.ts';

/**
 * Names of the parts. `kafka` is the first broker; the other two are separate parts, so that each can be killed and
 * restarted alone.
 */
export const partNames = ['kafka', 'kafka-2', 'kafka-3', 'registry', 'postgres', 'redis'] as const;
export type PartName = (typeof partNames)[number];
export type BrokerName = Extract<PartName, `kafka${string}`>;
export const brokerNames = ['kafka', 'kafka-2', 'kafka-3'] as const satisfies readonly BrokerName[];
/** Three brokers tolerate the loss of one; two would not. */
export type BrokerCount = 1 | 3;

/** The environment variable of each part. When it names a running service, that service replaces the part. */
export const partVariables = {
  kafka: 'KAFKA_BROKERS',
  'kafka-2': 'KAFKA_BROKERS',
  'kafka-3': 'KAFKA_BROKERS',
  registry: 'SCHEMA_REGISTRY_URL',
  postgres: 'DATABASE_URL',
  redis: 'REDIS_URL',
} as const satisfies Record<PartName, string>;

export type PartEnv = Record<(typeof partVariables)[PartName], string>;

/** The result of a probe; `detail` is one line for an operator. */
export interface Health {
  readonly ok: boolean;
  readonly detail: string;
}

/** The input of a part's start. */
export interface PartContext {
  /** Folder of all files of a platform: data/, logs/, keys/, state/. Absolute. */
  readonly dir: string;
  /** Values of the parts that this one needs. */
  readonly env: Readonly<Partial<PartEnv>>;
  /** Cancels the start: it rejects soon, after stopping what it started. */
  readonly signal: AbortSignal;
  /** Brokers of the cluster. Default: the number in the existing data, 1 at first. */
  readonly brokers?: BrokerCount | undefined;
  /** By broker, the port of a proxy for its second listener (`state/ports.json`: kafka-front). */
  readonly fronts?: readonly number[];
  /** Certificates of all parts, which then take connections over TLS alone. Default: no TLS. */
  readonly tls?: LocalTls | undefined;
  /** Additional settings of a broker, which override its own: features that a laptop does not need, such as logins. */
  readonly more?: BrokerSettings;
}

/** Additional settings of a broker. */
export interface BrokerSettings {
  readonly properties: Readonly<Record<string, string>>;
  /** Arguments for formatting its storage before its first start. */
  readonly format: readonly string[];
}

/** A running part: its probe succeeded at least once. */
export interface Running {
  readonly name: PartName;
  /** Value of the part's variable. May contain a password. */
  readonly url: string;
  /** The same without secrets, for display. */
  readonly address: string;
  /** Undefined for a service that the environment named, which is not stopped here. */
  readonly child: Child | undefined;
  readonly health: () => Promise<Health>;
}

/** A part of the platform. */
export interface Part {
  readonly name: PartName;
  readonly needs: readonly PartName[];
  /** Starts the part and waits until it answers. Rejects with PartError, after stopping what it started. */
  readonly start: (context: PartContext) => Promise<Running>;
}

/**
 * PART_FAILED: a part did not start, or ended during its start. The message names it and has the last lines of its log.
 * PART_UNREACHABLE: services that the environment names do not answer. The message names each, and how to start without it.
 * BROKERS_CHANGED: the data belongs to a cluster of another size.
 */
export class PartError extends Error {
  override readonly name = 'PartError';
  readonly code: 'PART_FAILED' | 'PART_UNREACHABLE' | 'BROKERS_CHANGED';
  constructor(message: string, { code = 'PART_FAILED', ...options }: ErrorOptions & { code?: PartError['code'] } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Converts the result of a probe into a health; `detail` is the reason when it throws. */
export async function healthOf(probe: () => Promise<string>): Promise<Health> {
  try {
    return { ok: true, detail: await probe() };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}

/**
 * Repeats a child's probe until it succeeds. Rejects with PartError when the child ends first, after `timeoutMs`, or
 * when the signal is aborted; the child is then stopped.
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
