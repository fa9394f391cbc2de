import { setTimeout as delay } from 'node:timers/promises';
import { spreadOf } from '../statistics.ts';
import { atOnce, type JobSystem, nowMs } from './system.ts';

/** Named samples of one run. */
export type Samples = Readonly<Record<string, number>>;

export interface JobSizes {
  /** Runs of each system, alternating; figures are their medians. */
  readonly runs: number;
  /** Jobs of three steps, one after another; and before them, not measured. */
  readonly jobs: number;
  readonly warmUp: number;
  /** Jobs of three steps with 64 at once. */
  readonly atOnce: number;
  /** Jobs that do nothing, inserted and drained. */
  readonly drained: number;
  /** Sleeping jobs, and the time for which they are watched, in s. */
  readonly sleepers: number;
  readonly sleepSeconds: number;
  /** Cancelled jobs. */
  readonly cancelled: number;
  /** Jobs of a flood. */
  readonly crowd: number;
  /** Jobs of three steps that are measured beside it, one after another. */
  readonly probes: number;
  /** Workers that are killed, one after another. */
  readonly kills: number;
}

export const FULL: JobSizes = {
  ...{ runs: 3, jobs: 200, warmUp: 200, atOnce: 4_000, drained: 100_000 },
  ...{ sleepers: 100_000, sleepSeconds: 60, cancelled: 200, crowd: 20_000, probes: 60, kills: 5 },
};
export const QUICK: JobSizes = {
  ...{ runs: 1, jobs: 5, warmUp: 2, atOnce: 64, drained: 500, sleepers: 100, sleepSeconds: 2 },
  ...{ cancelled: 5, crowd: 6_000, probes: 3, kills: 1 },
};

const ENDED_MS = 30 * 60_000;
const LOOK_MS = 50;

/** Runs jobs of three steps one after another: nothing else goes on. */
async function oneByOne(system: JobSystem, count: number): Promise<{ firstMs: number[]; endMs: number[] }> {
  const firstMs: number[] = [];
  const endMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const began = nowMs();
    const ran = await system.three();
    firstMs.push(ran.firstStepMs - began);
    endMs.push(ran.endMs - began);
  }
  return { firstMs, endMs };
}

/** Runs jobs of three steps, 64 at once. Resolves with jobs/s. */
async function rateOf(system: JobSystem, count: number): Promise<number> {
  const began = nowMs();
  await atOnce(count, () => system.three());
  return count / ((nowMs() - began) / 1_000);
}

/** Inserts jobs that do nothing and waits until all have run. Rejects after half an hour. */
async function drain(system: JobSystem, count: number): Promise<Samples> {
  const before = await system.ended();
  const began = nowMs();
  await system.insert(count);
  const inserted = nowMs();
  while ((await system.ended()) < before + count) {
    if (nowMs() - began > ENDED_MS) throw new Error(`${await system.ended()} of ${count} jobs ran in half an hour`);
    await delay(LOOK_MS);
  }
  return {
    'insert jobs/s': count / ((inserted - began) / 1_000),
    'insert and drain jobs/s': count / ((nowMs() - began) / 1_000),
  };
}

/** Measures the figures that all systems have. */
export async function measure(
  system: JobSystem,
  sizes: JobSizes,
  wanted: { readonly steps: boolean; readonly drain: boolean },
): Promise<Samples> {
  let samples: Samples = {};
  if (wanted.steps) {
    await oneByOne(system, sizes.warmUp);
    const { firstMs, endMs } = await oneByOne(system, sizes.jobs);
    const [first, end] = [spreadOf(firstMs), spreadOf(endMs)];
    samples = { 'first step p50': first.p50, 'first step p99': first.p99 };
    if (system.keepsSteps)
      samples = {
        ...{ ...samples, 'steps p50': end.p50, 'steps p99': end.p99 },
        'steps jobs/s': await rateOf(system, sizes.atOnce),
      };
  }
  return wanted.drain ? { ...samples, ...(await drain(system, sizes.drained)) } : samples;
}
