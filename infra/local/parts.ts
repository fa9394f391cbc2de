import path from 'node:path';
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
import { kafkaBroker } from './parts/kafka.ts';
import { brokerCountOf } from './parts/kafka-cluster.ts';
import { namedPart } from './parts/named.ts';
import { postgres } from './parts/postgres.ts';
import { redis } from './parts/redis.ts';
import { registry } from './parts/registry.ts';

const catalogue: Record<PartName, Part> = {
  kafka: kafkaBroker(1),
  'kafka-2': kafkaBroker(2),
  'kafka-3': kafkaBroker(3),
  registry,
  postgres,
  redis,
};

export interface PartEvent {
  readonly name: PartName;
  readonly state: 'starting' | 'ready' | 'failed' | 'stopped';
  /** Since the part was asked to start or stop. */
  readonly ms: number;
  readonly detail: string;
}

export interface StartPartsOptions {
  /** Folder for data/, logs/, keys/ and state/; made when it is not there. Two platforms never share one. */
  readonly dir: string;
  /** Default: all, with as many brokers as there are. What one of them needs must be in the list or named by the environment. */
  readonly only?: readonly PartName[];
  /** Brokers of the cluster; nothing when the environment names one. Default: as many as the data was begun with, 1 at first. */
  readonly brokers?: BrokerCount | undefined;
  /** By broker, the port of a proxy through which clients may come; see PartContext. */
  readonly fronts?: readonly number[];
  /** Where KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL, REDIS_URL are looked up. Default: process.env. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onEvent?: (event: PartEvent) => void;
  /** Gives the start up. */
  readonly signal?: AbortSignal;
}

export interface Parts {
  /** Values of the started parts' variables; of a part that `only` left out, undefined. They never change afterwards. */
  readonly env: PartEnv;
  readonly parts: ReadonlyMap<PartName, Running>;
  /** Starts a stopped part again, on the same port and data. Does nothing while it runs. */
  readonly startPart: (name: PartName) => Promise<void>;
  /** Stops one part in order and leaves the others running. A service the environment named is refused. */
  readonly stopPart: (name: PartName) => Promise<void>;
  readonly restartPart: (name: PartName) => Promise<void>;
  readonly health: () => Promise<Record<string, Health>>;
  /** Stops what was started, dependents first. May be called often. */
  readonly stop: () => Promise<void>;
}

/** Who needs others goes before them. */
export const partStopOrder: readonly PartName[] = ['registry', 'redis', 'postgres', 'kafka-3', 'kafka-2', 'kafka'];

/**
 * Starts the real parts of the platform on this machine, side by side where one does not need the other, all on
 * 127.0.0.1. A service that the environment names is used instead. Rejects with the first PartError, everything stopped.
 *
 * The parts end with the thread that called this (Linux), so call it from a thread that lives as long as they should.
 * The downloads must be there: see fetch/fetch.mjs.
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
  // The first failure ends the start of the others: nobody waits for a registry when Postgres is broken already.
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
      const named = namedPart(name, surroundings);
      const part =
        named ??
        (await catalogue[name].start({ dir, env, signal, brokers, ...(options.fronts && { fronts: options.fronts }) }));
      const health = named ? await named.health() : { ok: true, detail: '' };
      if (!health.ok) throw new PartError(`${partVariables[name]} names ${part.address}: ${health.detail}`);
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
    if (!part.child) throw new PartError(`${name} was named by ${partVariables[name]}; it is not ours to stop`);
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
