import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '../../../../schemas/topics.ts';
import { type Config, loadConfig } from '../../../config.ts';
import { openWholeLog } from '../../../kafka/connect.ts';
import type { Log } from '../../../kafka/port.ts';
import { readRegion } from '../../../kafka/region.ts';
import { createLogger } from '../../../kit/logger.ts';
import { startMirror } from '../../../local/parts/mirror.ts';
import { type PartEnv, type PartName, partVariables } from '../../../local/parts/part.ts';
import { type Parts, startParts } from '../../../local/parts/parts.ts';
import { type Platform, startPlatform } from '../../../local/platform.ts';
import type { Child } from '../../../local/process/child.ts';
import { signalGroup } from '../../../local/process/pids.ts';
import type { Role } from '../../../local/roles/roles.ts';
import { chooseSlm } from '../../../local/slm-choice.ts';
import { stateTopics } from '../../region/dependencies.ts';
import { localRoles } from '../../roles/local.ts';

/** A region of the drill: its folder, its services and, while it is active, its platform. */
export interface DrillRegion {
  readonly name: string;
  readonly dir: string;
  /** Every started part, with its variables. */
  readonly parts: readonly Parts[];
  readonly env: NodeJS.ProcessEnv;
}

/** Returns the environment without services and settings of another platform. */
const plain = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const services = new Set<string>(Object.values(partVariables));
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => name === 'KHIPU_CACHE_DIR' || !(name.startsWith('KHIPU_') || services.has(name)),
    ),
  );
};

/** Starts services of a region; `given` names those that run already. */
export async function startRegion(
  root: string,
  name: string,
  only: readonly PartName[],
  given?: DrillRegion,
): Promise<DrillRegion> {
  const dir = path.join(root, name);
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const env: NodeJS.ProcessEnv = given?.env ?? { ...plain(process.env), KHIPU_HOME: dir, KHIPU_REGION: name };
  const parts = await startParts({ dir, only, env });
  const values = Object.fromEntries(
    only.map((part) => [partVariables[part], parts.env[partVariables[part]]]),
  ) as Partial<PartEnv>;
  return { name, dir, parts: [...(given?.parts ?? []), parts], env: { ...env, ...values } };
}

/** The workers of the drill: turns need no other. The others would only take memory from a machine with two regions. */
const WORKERS: readonly string[] = ['worker-slm'];

const rolesOf = (env: NodeJS.ProcessEnv): readonly Role[] =>
  localRoles(env).filter(({ name }) => !name.startsWith('worker-') || WORKERS.includes(name));

/** Starts the roles of a region that turns need, with the deterministic model. */
export const startRoles = ({ dir, env }: DrillRegion, signal: AbortSignal): Promise<Platform> =>
  startPlatform({
    ...{ dir, env, port: 0, slm: chooseSlm('deterministic', env), roles: rolesOf(env), signal },
    onEvent: () => undefined,
  });

/** Gives a region the keys of another one: they come from one source of secrets. */
export const copyKeys = (from: DrillRegion, to: DrillRegion): void =>
  cpSync(path.join(from.dir, 'keys'), path.join(to.dir, 'keys'), { recursive: true, preserveTimestamps: true });

/** Mirrors a region to another one. */
export const mirrorTo = (from: DrillRegion, to: DrillRegion): Promise<Child> =>
  startMirror({
    dir: to.dir,
    from: { region: from.name, brokers: from.env['KAFKA_BROKERS'] ?? '' },
    to: { region: to.name, brokers: to.env['KAFKA_BROKERS'] ?? '' },
    excluded: stateTopics(),
  });

export const configOf = ({ env }: DrillRegion): Config => loadConfig({ ...placeholders, ...env });

/** The log of a region can be opened before its registry has started. */
const placeholders = { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' } as const;

export async function withWholeLog<T>(region: DrillRegion, work: (log: Log) => Promise<T>): Promise<T> {
  const log = openWholeLog(configOf(region), 'drill', createLogger('drill', 'silent'));
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

const LOOK_EVERY_MS = 250;

/** Resolves when the mirror has copied the region's layout and a command. Rejects after `timeoutMs`. */
export async function untilMirrored(to: DrillRegion, mirror: Child, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    // A new client each time: one does not learn at once of topics that another one creates.
    const isThere = await withWholeLog(to, async (log) => {
      const counts = await log.partitionCounts([topics.sessionsCommands.name]);
      if (counts.size === 0 || (await readRegion(log)) === null) return false;
      return (await log.watermarks([topics.sessionsCommands.name])).some(({ high }) => high > 0);
    }).catch(() => false);
    if (isThere) return;
    if (!mirror.isRunning()) throw new Error(`the mirror ended; see ${mirror.log}`);
    if (Date.now() > until) throw new Error(`nothing was mirrored in ${timeoutMs} ms; see ${mirror.log}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Kills every process of a region with SIGKILL: its roles, then its services, which none of them can restart. */
export async function killRegion({ parts }: DrillRegion, platform: Platform): Promise<void> {
  for (const started of parts)
    for (const { child } of started.parts.values()) if (child !== undefined) signalGroup(child.pid, 'SIGKILL');
  for (const { mark } of platform.processes()) if (mark !== undefined) signalGroup(mark.pid, 'SIGKILL');
  await platform.stop();
}
