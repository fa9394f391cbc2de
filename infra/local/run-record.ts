import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeFiles } from './home.ts';
import { groupMembers, isSame, type ProcessMark, signalGroup } from './pids.ts';
import { readJson, writeJson } from './state-file.ts';

export interface RunProcess {
  readonly name: string;
  readonly kind: 'part' | 'role' | 'job';
  /** Undefined for a service that the environment named. */
  readonly mark: ProcessMark | undefined;
  readonly address: string;
  /** Where `GET /health/ready` answers; roles only. */
  readonly adminPort?: number | undefined;
  readonly restarts: number;
  readonly log: string | undefined;
  readonly note?: string | undefined;
}

/** `.khipu/run.json`: what runs, for the board, for `khipu down`, and for the next start when this one was killed. */
export interface RunRecord {
  readonly supervisor: ProcessMark;
  readonly startedAt: string;
  readonly state: 'starting' | 'ready' | 'stopping';
  readonly url: string;
  readonly provider: string;
  readonly providerNote: string;
  /** In the order of stopping. */
  readonly processes: readonly RunProcess[];
}

export const readRun = (dir: string): RunRecord | undefined => readJson<RunRecord>(homeFiles(dir).run);

export const writeRun = (dir: string, run: RunRecord): void => writeJson(homeFiles(dir).run, run);

export const removeRun = (dir: string): void => rmSync(homeFiles(dir).run, { force: true });

/** The record of a platform whose supervisor lives. */
export function livingRun(dir: string): RunRecord | undefined {
  const run = readRun(dir);
  return run && isSame(run.supervisor) ? run : undefined;
}

const graceMs = 10_000;

/**
 * Ends what a supervisor that was killed has left behind, in the order of stopping, and removes its record. A process is
 * touched only when pid and start time both match: a recycled pid is somebody else's. Returns the names of what it ended.
 */
export async function cleanStaleRun(dir: string): Promise<string[]> {
  const run = readRun(dir);
  if (!run || isSame(run.supervisor)) return [];
  const ended: string[] = [];
  for (const { name, mark } of run.processes) {
    if (!mark || !isSame(mark)) continue;
    // Postgres takes SIGTERM for "when every session has left"; SIGINT ends the sessions.
    signalGroup(mark.pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    for (const deadline = Date.now() + graceMs; groupMembers(mark.pid).length > 0; await sleep(50)) {
      if (Date.now() > deadline) signalGroup(mark.pid, 'SIGKILL');
    }
    ended.push(name);
  }
  removeRun(dir);
  return ended;
}
