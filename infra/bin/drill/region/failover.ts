import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi } from '../../../client/api.ts';
import { fetchAll } from '../../../local/fetch/fetch.mjs';
import type { Platform } from '../../../local/platform.ts';
import type { Child } from '../../../local/process/child.ts';
import { promoteRegion, type RegionReport } from '../../../regions/promote.ts';
import { regionDependencies } from '../../region/dependencies.ts';
import { patient } from '../../region/patient.ts';
import { checkLog, untilDrained } from './check.ts';
import { type Acknowledged, startLoad, startSession } from './load.ts';
import {
  copyKeys,
  type DrillRegion,
  killRegion,
  mirrorTo,
  startRegion,
  startRoles,
  untilMirrored,
  withWholeLog,
} from './two-regions.ts';

export interface FailoverOptions {
  /** Length of the load before the loss, in s. */
  readonly seconds: number;
  readonly clients: number;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a drill measured; times in ms. */
export interface FailoverReport {
  readonly acknowledged: number;
  /** Acknowledged sessions that the second region does not know. */
  readonly lost: readonly (Acknowledged & { readonly beforeLossMs: number })[];
  /** Age of the oldest lost acknowledgement at the loss; 0 when none is lost. */
  readonly rpo_ms: number;
  /** From the loss to the first session that the second region acknowledges. */
  readonly rto_ms: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly promotion: RegionReport;
  readonly records: number;
  readonly torn: number;
  readonly doubled: readonly string[];
  readonly undecided: readonly string[];
}

const MIRROR_START_MS_MAX = 240_000;
const DRAIN_MS_MAX = 120_000;
/** A mirror on this machine is not further behind; the drill kills the source under load. */
const LAG_MS_MAX = 30_000;

/**
 * Runs two regions on this machine, kills the first one under load, and gives its mirrored log to the second. Rejects when
 * a part does not start or the second region does not take over. Stops and deletes everything at its end.
 */
export async function regionFailover(options: FailoverOptions): Promise<FailoverReport> {
  await fetchAll(['mirror']);
  const root = mkdtempSync(path.join(tmpdir(), 'khipu-regions-'));
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(root, 0o755);
  const running = new Set<{ stop(): Promise<unknown> }>();
  try {
    return await failover(root, running, options);
  } finally {
    for (const each of [...running].reverse()) await each.stop().catch(() => undefined);
    rmSync(root, { recursive: true, force: true });
  }
}

async function failover(
  root: string,
  running: Set<{ stop(): Promise<unknown> }>,
  { seconds, clients, onProgress, signal }: FailoverOptions,
): Promise<FailoverReport> {
  const keep = <T extends { stop(): Promise<unknown> }>(each: T): T => {
    running.add(each);
    return each;
  };
  const keepParts = (region: DrillRegion): DrillRegion => {
    for (const parts of region.parts) running.add(parts);
    return region;
  };
  const [a, standby] = await Promise.all([
    startRegion(root, 'a', ['kafka', 'registry', 'postgres', 'redis']).then(keepParts),
    startRegion(root, 'b', ['kafka', 'postgres', 'redis']).then(keepParts),
  ]);
  const first: Platform = keep(await startRoles(a, signal));
  copyKeys(a, standby);
  onProgress('region a runs');
  const mirror: Child = keep(await mirrorTo(a, standby));
  await untilAcknowledged(first, signal);
  await untilMirrored(standby, mirror, MIRROR_START_MS_MAX);
  const load = startLoad(first.url, first.apiKey, clients);
  onProgress('the mirror copies; the load runs');
  await sleep(seconds * 1_000, undefined, { signal });

  const lostAtMs = Date.now();
  const steps: Record<string, number> = {};
  const step = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const sinceMs = Date.now();
    const result = await work;
    steps[name] = Date.now() - sinceMs;
    onProgress(`${name}: ${steps[name]} ms`);
    return result;
  };
  // Its brokers are dead: that is the fence.
  await step('kill', killRegion(a, first));
  await Promise.all([load.end(), step('stop the mirror', mirror.stop())]);
  const acknowledged = load.acknowledged.filter(({ atMs }) => atMs <= lostAtMs);
  const [b, promotion] = await Promise.all([
    step('registry', startRegion(root, 'b', ['registry'], standby)).then(keepParts),
    step('promote', promote(standby, onProgress)),
  ]);
  const second: Platform = keep(await step('roles', startRoles(b, signal)));
  await step('first session', untilAcknowledged(second, signal));
  const rtoMs = Date.now() - lostAtMs;
  const checked = await withWholeLog(b, async (log) => {
    await untilDrained(log, DRAIN_MS_MAX);
    return checkLog(log);
  });
  const lost = acknowledged
    .filter(({ sessionId }) => !checked.sessions.has(sessionId))
    .map((each) => ({ ...each, beforeLossMs: lostAtMs - each.atMs }));
  return {
    ...{ acknowledged: acknowledged.length, lost, steps, promotion, records: checked.records },
    rpo_ms: Math.max(0, ...lost.map(({ beforeLossMs }) => beforeLossMs)),
    rto_ms: rtoMs,
    torn: checked.torn.length,
    doubled: checked.doubled,
    undecided: checked.undecided,
  };
}

const promote = (region: DrillRegion, onProgress: (line: string) => void): Promise<RegionReport> =>
  withWholeLog(region, (log) =>
    patient(() =>
      promoteRegion(regionDependencies(log, onProgress), { to: region.name, fenced: true, lagMsMax: LAG_MS_MAX }),
    ),
  );

async function untilAcknowledged({ url, apiKey }: Platform, signal: AbortSignal): Promise<void> {
  const api = createApi({ url, token: apiKey });
  while ((await startSession(api, signal).catch(() => null)) === null) await sleep(100, undefined, { signal });
}
