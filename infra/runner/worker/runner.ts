import type { Worker } from '../../../streams/kernel.ts';
import { DeadLetterGate } from '../dead-letters/gate.ts';
import { readParked } from '../dead-letters/parked-keys.ts';
import { fencedTasks } from '../fenced-tasks.ts';
import { type Runner, type RunnerDependencies, runLives } from '../lives.ts';
import { groupOf } from '../names.ts';
import type { WorkHandler } from './attempts.ts';
import { Progress } from './progress.ts';
import { WorkerTask } from './task.ts';

/**
 * Time for the stop of a task, in ms: its grace period, then aborting and the last commit. With leaving the group: ten
 * seconds in all.
 */
const STOP_MS_MAX = 9_500;

/** What the runner of a worker needs. */
export interface WorkerDependencies extends RunnerDependencies {
  /** Returns the weight of a tenant, from 1: its share of the beginnings. Default: each tenant weighs 1. */
  readonly weightOf?: (tenant: string) => number;
}

/**
 * Runs a worker until it is closed: see `supervise` for errors. Each partition of its input is a task. A worker without
 * exactly one input fails at every begin.
 */
export function runWorker(worker: Worker, handler: WorkHandler, dependencies: WorkerDependencies): Runner {
  const { name, inputs } = worker;
  const { log, metrics, clock, weightOf = () => 1 } = dependencies;
  return runLives(name, dependencies, (events) => {
    const [input, ...others] = inputs;
    if (input === undefined || others.length > 0) throw new Error(`worker ${name} must have one input`);
    const topic = input.name;
    const reader = {
      ...{ name, topics: [topic], stopMsMax: STOP_MS_MAX },
      async restore(transactors: Parameters<typeof readParked>[2]) {
        const parked = await readParked(log, clock, transactors, worker);
        for (const [partition, { size }] of parked) metrics.parkedKeys.set({ processor: name, partition }, size);
        return { parked, lows: new Map((await log.watermarks([topic])).map(({ partition, low }) => [partition, low])) };
      },
    };
    return fencedTasks(
      {
        ...reader,
        begin: ({ committed: [known], restored: { parked, lows }, ...start }) => {
          // Records removed by retention can no longer be processed.
          const offset = Math.max(known?.offset ?? 0, lows.get(start.partition) ?? 0);
          return new WorkerTask({
            ...{ ...dependencies, ...start, weightOf, worker, handler, topic, group: groupOf(name) },
            progress: new Progress(offset, offset === known?.offset ? known.metadata : ''),
            gate: new DeadLetterGate(name, parked.get(start.partition) ?? null),
          });
        },
      },
      dependencies,
      events,
    );
  });
}
