import { all, type Declarations, declaredTopologies, type WorkerName } from '../../../streams/all.ts';
import type { TopologyLayout } from '../../../streams/kernel.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Observer } from '../../runner/observer/task.ts';
import { bindings, observers, type WorkerBinding } from '../bindings.ts';
import { failure } from '../failure.ts';

/** The names that `khipu run` takes: topologies, observers, workers with their bindings. */
export interface Registered extends Declarations {
  readonly bindings: Readonly<Record<string, WorkerBinding>>;
  readonly observers: Readonly<Record<string, (logger: Logger) => Observer>>;
}

/** The names of this release. */
export const registered: Registered = { ...all, bindings, observers };

export type ObserverName = keyof typeof observers;

/**
 * Stands for all topologies and observers, and for workers on the log itself. They do not wait for external services, so one
 * process may run all.
 */
export const ALL = 'all';

const workersWhere = ({ workers, bindings: bound }: Registered, isOperator: boolean): readonly string[] =>
  Object.keys(workers).filter((name) => (bound[name]?.isOperator ?? false) === isOperator);

/** Returns every name that `khipu run stream` takes in a layout, besides `all`. */
export const streamNames = (layout: TopologyLayout, from: Registered = registered): readonly string[] => [
  ...declaredTopologies(layout, from).map(({ name }) => name),
  ...Object.keys(from.observers),
  ...workersWhere(from, true),
];

/** Returns every name that `khipu run worker` takes: the workers that call an external service. */
export const workerNames = (from: Registered = registered): readonly string[] => workersWhere(from, false);

/**
 * Returns the names with `all` replaced by the names it stands for, without repetitions. Throws LAYOUT_MISMATCH for a
 * name of the other layout.
 */
export function expand(
  names: readonly string[],
  layout: TopologyLayout,
  from: Registered = registered,
): readonly string[] {
  const expanded = [...new Set(names.flatMap((name) => (name === ALL ? streamNames(layout, from) : [name])))];
  const runnable = [...streamNames(layout, from), ...workerNames(from)];
  const elsewhere = expanded.filter((name) => !runnable.includes(name));
  if (elsewhere.length === 0) return expanded;
  throw failure(
    'LAYOUT_MISMATCH',
    `${elsewhere.join(', ')}: not in the layout ${layout}, which this platform has; see khipu topology show`,
  );
}

/** Returns true for the name of a worker. */
export const isWorker = (name: string): name is WorkerName => Object.hasOwn(all.workers, name);
/** Returns true for the name of an observer. */
export const isObserver = (name: string): name is ObserverName => Object.hasOwn(observers, name);
