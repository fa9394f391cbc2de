import type { Worker } from '../../../streams/kernel.ts';
import { LogError } from '../errors.ts';
import type { Assignment, FetchedBatch, Membership, Position } from '../log.ts';
import { Aside } from './aside.ts';
import type { WorkHandler } from './attempts.ts';
import type { Held } from './held.ts';
import { type ParkedLines, readParked } from './parking.ts';
import { groupOf, type Runner, type RunnerDependencies, runLives, transactionalIdOf } from './processor-runner.ts';
import { Progress } from './progress.ts';
import type { Life } from './supervise.ts';
import { WorkerTask } from './worker-task.ts';

/** What runs gets this long to end when the process stops; then it is aborted and another process runs it again. */
const STOP_GRACE_MS = 8_000;

/** Runs a worker until it is closed. Its single input's partitions are tasks; see WorkerTask. */
export function runWorker(worker: Worker, handler: WorkHandler, dependencies: RunnerDependencies): Runner {
  return runLives(
    worker.name,
    dependencies,
    (onCrash, onPositioned) => new WorkerLife(worker, handler, dependencies, onCrash, onPositioned),
  );
}

class WorkerLife implements Life {
  readonly #worker: Worker;
  readonly #handler: WorkHandler;
  readonly #d: RunnerDependencies;
  readonly #onCrash: (error: unknown) => void;
  readonly #onPositioned: () => void;
  readonly #topic: string;
  #tasks = new Map<number, WorkerTask>();
  #assignment: Assignment | null = null;
  #membership: Membership | null = null;
  #failed = false;

  constructor(
    worker: Worker,
    handler: WorkHandler,
    dependencies: RunnerDependencies,
    onCrash: (error: unknown) => void,
    onPositioned: () => void,
  ) {
    const [input, ...others] = worker.inputs;
    if (input === undefined || others.length > 0) throw new Error(`worker ${worker.name} must have one input`);
    this.#topic = input.name;
    this.#worker = worker;
    this.#handler = handler;
    this.#d = dependencies;
    this.#onPositioned = onPositioned;
    this.#onCrash = (error) => {
      this.#failed = true;
      onCrash(error);
    };
  }

  async begin(): Promise<void> {
    this.#membership = await this.#d.log.join({
      group: groupOf(this.#worker.name),
      topics: [this.#topic],
      handlers: {
        onAssigned: (assignment) => this.#assigned(assignment),
        onBatch: (batch, assignment) => this.#batch(batch, assignment),
        onCrash: this.#onCrash,
      },
    });
  }

  held(): readonly Held[] {
    return [...this.#tasks.values()].flatMap((task) => task.held());
  }

  async close(): Promise<void> {
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    this.#assignment = null;
    await Promise.allSettled(tasks.map((task) => (this.#failed ? task.drop() : task.stop(STOP_GRACE_MS))));
    await this.#membership?.close();
  }

  /** Fence, then read what was committed: offset and progress beyond it. */
  async #assigned(assignment: Assignment): Promise<readonly Position[]> {
    const { log, logger } = this.#d;
    const { name } = this.#worker;
    this.#assignment = assignment;
    const old = [...this.#tasks.values()];
    this.#tasks.clear();
    await Promise.allSettled(old.map((task) => task.drop()));
    const transactors = await Promise.all(
      assignment.partitions.map(async (partition) => ({
        partition,
        transactor: await log.transactor(transactionalIdOf(name, partition)),
      })),
    );
    const [first] = transactors;
    const parked: ReadonlyMap<number, ParkedLines> =
      this.#worker.poison === 'skip' || first === undefined
        ? new Map()
        : await readParked(log, this.#d.clock, first.transactor, this.#worker, assignment.partitions);
    for (const [partition, { size }] of parked) this.#d.metrics.parkedKeys.set({ processor: name, partition }, size);
    const lows = await log.watermarks([this.#topic]);
    const committed = await log.committed(groupOf(name), [this.#topic]);
    if (this.#assignment !== assignment) {
      await Promise.allSettled(transactors.map(({ transactor }) => transactor.close()));
      throw new LogError('FENCED', 'assigned anew while taking over');
    }
    const positions: Position[] = [];
    for (const { partition, transactor } of transactors) {
      const known = committed.find((place) => place.partition === partition && place.offset >= 0);
      const low = lows.find((mark) => mark.partition === partition)?.low ?? 0;
      const offset = Math.max(known?.offset ?? 0, low);
      positions.push({ topic: this.#topic, partition, offset });
      this.#tasks.set(
        partition,
        new WorkerTask({
          worker: this.#worker,
          handler: this.#handler,
          group: groupOf(name),
          topic: this.#topic,
          partition,
          progress: new Progress(offset, offset === known?.offset ? known.metadata : ''),
          aside: new Aside(name, parked.get(partition) ?? null),
          transactor,
          decoder: this.#d.decoder,
          metrics: this.#d.metrics,
          logger,
          clock: this.#d.clock,
          onCrash: this.#onCrash,
        }),
      );
    }
    logger.info({ processor: name, partitions: assignment.partitions }, 'took over');
    this.#onPositioned();
    return positions;
  }

  #batch(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined {
    if (assignment !== this.#assignment) return undefined;
    return this.#tasks.get(batch.partition)?.push(batch);
  }
}
