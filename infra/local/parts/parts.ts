import path from 'node:path';
import type { LocalTls } from '../tls/local-tls.ts';
import { kafkaBroker } from './kafka.ts';
import { brokerCountOf } from './kafka-cluster.ts';
import { checkNamed, namedPart } from './named.ts';
import {
  type BrokerCount,
  brokerNames,
  type Health,
  type Part,
  type PartEnv,
  PartError,
  type PartName,
  partNames,
  partVariables,
  type Running,
} from './part.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { registry } from './registry.ts';

const catalogue: Record<PartName, Part> = {
  kafka: kafkaBroker(1),
  'kafka-2': kafkaBroker(2),
  'kafka-3': kafkaBroker(3),
  registry,
  postgres,
  redis,
};

/** A change of a part's state. */
export interface PartEvent {
  readonly name: PartName;
  readonly state: 'starting' | 'ready' | 'failed' | 'stopped';
  /** Time since the start or stop of the part began. */
  readonly ms: number;
  readonly detail: string;
}

/** The folder, and the choice of parts. */
export interface StartPartsOptions {
  /** Folder for data/, logs/, keys/ and state/; created when missing. Two platforms must not share one. */
  readonly dir: string;
  /** Default: all, with all brokers. Every part that one of them needs must be in the list or named by the environment. */
  readonly only?: readonly PartName[];
  /**
   * Brokers of the cluster; ignored when the environment names one. Default: the number in the existing data, 1 at
   * first.
   */
  readonly brokers?: BrokerCount | undefined;
  /** By broker, the port of a proxy for clients; see PartContext. */
  readonly fronts?: readonly number[];
  /** Certificates, for parts that take connections over TLS alone. Default: no TLS. */
  readonly tls?: LocalTls | undefined;
  /** The environment with KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL, REDIS_URL. Default: process.env. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onEvent?: (event: PartEvent) => void;
  /** Cancels the start. */
  readonly signal?: AbortSignal;
}

/** The running parts. */
export interface Parts {
  /** Values of the started parts' variables; undefined for parts that `only` left out. They never change afterwards. */
  readonly env: PartEnv;
  readonly parts: ReadonlyMap<PartName, Running>;
  /** Starts a stopped part again, on the same port and data. Does nothing while it runs. */
  readonly startPart: (name: PartName) => Promise<void>;
  /** Stops one part in order; the others continue. Rejects for a service that the environment named. */
  readonly stopPart: (name: PartName) => Promise<void>;
  readonly restartPart: (name: PartName) => Promise<void>;
  readonly health: () => Promise<Record<string, Health>>;
  /** Stops all started parts, dependents first. Safe to repeat. */
  readonly stop: () => Promise<void>;
}

/** The order of stopping: dependents before the parts that they need. */
export const partStopOrder: readonly PartName[] = ['registry', 'redis', 'postgres', 'kafka-3', 'kafka-2', 'kafka'];

/**
 * Starts the real parts of the platform on this machine, in parallel where their dependencies allow, all on 127.0.0.1. A
 * service that the environment names replaces its part. Rejects with the first PartError, after stopping all parts.
 *
 * The parts end with the thread that called this (Linux), so call it from a thread that lives as long as they should.
 * The downloads must be in the cache: see fetch/fetch.mjs.
 */
export async function startParts(options: StartPartsOptions): Promise<Parts> {
  const dir = path.resolve(options.dir);
  const surroundings = options.env ?? process.env;
  const brokers = namedPart('kafka', surroundings) ? 1 : brokerCountOf(dir, options.brokers);
  const further: readonly PartName[] = brokerNames.slice(1);
  const asked: readonly PartName[] = options.only ?? partNames;
  const names = asked
    .flatMap((name) => (name === 'kafka' && options.only ? brokerNames : [name]))
    .filter((name) => brokers > 1 || !further.includes(name));
  const env: Partial<PartEnv> = {};
  // The first failure cancels the other starts: there is no wait for a registry after Postgres has failed.
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const running = new Map<PartName, Running>();
  const tell = (name: PartName, state: PartEvent['state'], since: number, detail: string): void =>
    options.onEvent?.({ name, state, ms: Date.now() - since, detail });

  async function startPart(name: PartName): Promise<void> {
    const before = running.get(name);
    if (before && (before.child === undefined || before.child.isRunning())) return;
    const since = Date.now();
    tell(name, 'starting', since, '');
    try {
      const part =
        namedPart(name, surroundings) ??
        (await catalogue[name].start({
          dir,
          env,
          signal,
          brokers,
          tls: options.tls,
          ...(options.fronts && { fronts: options.fronts }),
        }));
      running.set(name, part);
      env[partVariables[name]] = part.url;
      tell(name, 'ready', since, part.address);
    } catch (error) {
      tell(name, 'failed', since, (error as Error).message);
      throw error;
    }
  }

  async function stopPart(name: PartName): Promise<void> {
    const part = running.get(name);
    if (!part) return;
    if (!part.child)
      throw new PartError(`${name} is a service that ${partVariables[name]} names: it cannot be stopped here`);
    const since = Date.now();
    await part.child.stop();
    tell(name, 'stopped', since, '');
  }

  async function stop(): Promise<void> {
    await Promise.allSettled(starts.values());
    for (const name of partStopOrder) if (running.get(name)?.child?.isRunning()) await stopPart(name);
  }

  const starts = new Map<PartName, Promise<void>>();
  const begin = (name: PartName): Promise<void> => {
    const known = starts.get(name);
    if (known !== undefined) return known;
    const needs = namedPart(name, surroundings) ? [] : catalogue[name].needs;
    for (const need of needs) {
      const named = namedPart(need, surroundings);
      if (named) env[partVariables[need]] = named.url;
    }
    const awaited = needs.filter((need) => names.includes(need)).map(begin);
    const start = Promise.all(awaited).then(() => {
      signal.throwIfAborted();
      return startPart(name);
    });
    starts.set(name, start);
    return start;
  };

  const since = Date.now();
  await checkNamed(names, surroundings, (name, detail) => tell(name, 'failed', since, detail));
  try {
    await Promise.all(names.map(begin));
  } catch (error) {
    failed.abort();
    await stop();
    throw error;
  }
  return {
    env: env as PartEnv,
    parts: running,
    startPart,
    stopPart,
    restartPart: async (name) => {
      await stopPart(name);
      await startPart(name);
    },
    health: async () =>
      Object.fromEntries(
        await Promise.all([...running].map(async ([name, part]) => [name, await part.health()] as const)),
      ),
    stop,
  };
}
