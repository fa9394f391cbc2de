import type { Lane } from '../../schemas/topics.ts';
import { LogError } from '../kafka/errors.ts';
import type { Assignment, FetchedBatch, Log, Membership, Position } from '../kafka/port.ts';
import { type Clock, waitOf } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { InFlight } from './in-flight.ts';
import type { LifeEvents, RunnerLife } from './lives.ts';

/** The work on the records of one partition, or of several. */
export interface PartitionTask {
  /** Takes a batch. A returned promise pauses the partition until it resolves. */
  push(batch: FetchedBatch): Promise<void> | undefined;
  /** Commits the records taken so far and ends. */
  stop(): Promise<void>;
  /** Ends at once without a commit: the partition belongs to another owner by now. */
  drop(): Promise<void>;
  inFlight(): readonly InFlight[];
}

/** A prepared takeover of an assignment: fenced and read, but not begun. */
export interface TakenOver<Task> {
  /** Positions at which reading begins. A partition without a position is read from its beginning. */
  readonly positions: readonly Position[];
  /** Begins the tasks and returns them by partition. Called only while the assignment is current. */
  begin(): ReadonlyMap<number, Task>;
  /** Closes the opened resources. Called instead of `begin` when the assignment has changed meanwhile. */
  release(): Promise<void>;
}

export interface PartitionTasksOptions<Task extends PartitionTask> {
  /** Name in log lines. */
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  readonly lane?: Lane | undefined;
  /** Time for the orderly stop of a task, in ms; after it the task is dropped, and the next owner fences it. */
  readonly stopMsMax: number;
  readonly takeOver: (partitions: readonly number[], onCrash: (error: unknown) => void) => Promise<TakenOver<Task>>;
}

/**
 * One life in a consumer group: the tasks of the currently assigned partitions. Each rebalance drops them and takes
 * over the new assignment; the end of the life stops them, or drops them after an error.
 */
export class PartitionTasks<Task extends PartitionTask> implements RunnerLife {
  readonly #options: PartitionTasksOptions<Task>;
  readonly #d: { readonly log: Log; readonly logger: Logger; readonly clock: Clock };
  readonly #events: LifeEvents;
  #byPartition: ReadonlyMap<number, Task> = new Map();
  #assignment: Assignment | null = null;
  #membership: Membership | null = null;
  #failed = false;

  constructor(
    options: PartitionTasksOptions<Task>,
    dependencies: { readonly log: Log; readonly logger: Logger; readonly clock: Clock },
    events: LifeEvents,
  ) {
    this.#options = options;
    this.#d = dependencies;
    this.#events = events;
  }

  /** The tasks that run, each once. */
  get tasks(): readonly Task[] {
    return [...new Set(this.#byPartition.values())];
  }

  /** Returns the task of a partition, or undefined when this process does not own it. */
  of(partition: number): Task | undefined {
    return this.#byPartition.get(partition);
  }

  /** Ends this life after an error. */
  readonly crash = (error: unknown): void => {
    this.#failed = true;
    this.#events.onCrash(error);
  };

  async begin(): Promise<void> {
    const { group, topics, lane = 'interactive' } = this.#options;
    const handlers = {
      onAssigned: (assignment: Assignment) => this.#assigned(assignment),
      onBatch: (batch: FetchedBatch, assignment: Assignment) =>
        assignment === this.#assignment ? this.of(batch.partition)?.push(batch) : undefined,
      onCrash: this.crash,
    };
    this.#membership = await this.#d.log.join({ group, topics, lane, handlers });
  }

  async close(): Promise<void> {
    this.#assignment = null;
    const tasks = this.#releaseTasks();
    await Promise.allSettled(tasks.map((task) => (this.#failed ? task.drop() : this.#stop(task))));
    await this.#membership?.close().catch(() => undefined);
  }

  inFlight(): readonly InFlight[] {
    return this.tasks.flatMap((task) => task.inFlight());
  }

  async #assigned(assignment: Assignment): Promise<readonly Position[]> {
    const { clock, logger } = this.#d;
    this.#assignment = assignment;
    await Promise.allSettled(this.#releaseTasks().map((task) => task.drop()));
    const beganMs = clock.now();
    const { partitions } = assignment;
    const taken = await this.#options.takeOver(partitions, this.crash);
    if (this.#assignment !== assignment) {
      await taken.release();
      throw new LogError('FENCED', 'assigned again during the takeover');
    }
    this.#byPartition = taken.begin();
    logger.info({ processor: this.#options.name, partitions, takeoverMs: clock.now() - beganMs }, 'took over');
    this.#events.onPositioned();
    return taken.positions;
  }

  #releaseTasks(): readonly Task[] {
    const { tasks } = this;
    this.#byPartition = new Map();
    return tasks;
  }

  async #stop(task: Task): Promise<void> {
    const { stopMsMax } = this.#options;
    const grace = waitOf(this.#d.clock, stopMsMax);
    const ended = await Promise.race([task.stop().then(() => true), grace.over.then(() => false)]);
    grace.end();
    if (ended) return;
    const [record] = task.inFlight();
    this.#d.logger.error({ code: 'STOP_TOO_SLOW', ...record }, `not stopped within ${stopMsMax} ms; dropped`);
    void task.drop().catch(() => undefined);
  }
}
