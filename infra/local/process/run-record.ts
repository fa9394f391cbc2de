import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeFiles } from '../home.ts';
import { groupMembers, isSame, type ProcessMark, signalGroup } from './pids.ts';
import { readJson, writeJson } from './state-file.ts';

/** A process of the platform. */
export interface RunProcess {
  readonly name: string;
  readonly kind: 'part' | 'role' | 'job';
  /** Undefined for a service that the environment named. */
  readonly mark: ProcessMark | undefined;
  readonly address: string;
  /** The port of `GET /health/ready`; roles only. */
  readonly adminPort?: number | undefined;
  readonly restarts: number;
  readonly log: string | undefined;
  readonly note?: string | undefined;
}

/**
 * The content of `.khipu/run.json`: the running processes, for the status board, for `khipu down`, and for the next
 * start after a kill.
 */
export interface RunRecord {
  readonly supervisor: ProcessMark;
  readonly startedAt: string;
  readonly state: 'starting' | 'ready' | 'stopping';
  readonly url: string;
  readonly provider: string;
  /** Id of the model that answers requests without a model. */
  readonly model: string;
  readonly providerNote: string;
  /** In the order of stopping. */
  readonly processes: readonly RunProcess[];
}

/** Returns the record of the last start; undefined when there is none. */
export const readRun = (dir: string): RunRecord | undefined => readJson<RunRecord>(homeFiles(dir).run);

/** Replaces the record atomically. */
export const writeRun = (dir: string, run: RunRecord): void => writeJson(homeFiles(dir).run, run);

/** Removes the record; does nothing when there is none. */
export const removeRun = (dir: string): void => rmSync(homeFiles(dir).run, { force: true });

/** Returns the record of a platform whose supervisor lives. */
export function livingRun(dir: string): RunRecord | undefined {
  const run = readRun(dir);
  return run && isSame(run.supervisor) ? run : undefined;
}

const graceMs = 10_000;

/**
 * Ends the processes that a killed supervisor has left, in the order of stopping, and removes its record. A process is
 * ended only when both pid and start time match: a recycled pid belongs to another process. Returns the names of the ended
 * processes.
 */
export async function cleanStaleRun(dir: string): Promise<string[]> {
  const run = readRun(dir);
  if (!run || isSame(run.supervisor)) return [];
  const ended: string[] = [];
  for (const { name, mark } of run.processes) {
    if (!mark || !isSame(mark)) continue;
    // For Postgres SIGTERM means a stop after all sessions have ended; SIGINT ends the sessions.
    signalGroup(mark.pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    for (const deadline = Date.now() + graceMs; groupMembers(mark.pid).length > 0; await sleep(50)) {
      if (Date.now() > deadline) signalGroup(mark.pid, 'SIGKILL');
    }
    ended.push(name);
  }
  removeRun(dir);
  return ended;
}
