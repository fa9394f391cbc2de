import { fencedTasks } from '../fenced-tasks.ts';
import { type Runner, type RunnerDependencies, runLives } from '../lives.ts';
import { type Observer, ObserverTask } from './task.ts';

const STOP_MS_MAX = 7_000;

/**
 * Runs an observer until it is closed: see `supervise` for errors. It writes only its offsets, fenced like those of any
 * other reader.
 */
export function runObserver(observer: Observer, dependencies: RunnerDependencies): Runner {
  const { name, topic } = observer;
  const reader = {
    ...{ name, topics: [topic], lane: 'batch' as const, stopMsMax: STOP_MS_MAX },
    restore: async () => undefined,
  };
  return runLives(name, dependencies, (events) =>
    fencedTasks(
      { ...reader, begin: (start) => new ObserverTask({ ...dependencies, ...start, observer }) },
      dependencies,
      events,
    ),
  );
}
