import { partitionOf } from '../../../streams/kernel/partitioner.ts';
import type { Processor } from '../../../streams/kernel.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { type Clock, waitOf } from '../clock.ts';
import type { RecordDecoder } from '../decode.ts';
import { LogError } from '../errors.ts';
import type { Assignment, FetchedBatch, Log, Membership, OutgoingRecord, Position, Transactor } from '../log.ts';
import { Aside } from './aside.ts';
import type { Held } from './held.ts';
import { type Inspection, StateError } from './inspect.ts';
import type { RunnerMetrics } from './metrics.ts';
import { type ParkedLines, readParked } from './parking.ts';
import { ProcessorTask } from './processor-task.ts';
import { emptyPartition, restoreState } from './state-store.ts';
import { type Life, type Supervised, supervise } from './supervise.ts';
import { TableView } from './table-view.ts';
import { TaskTimers } from './task-timers.ts';
import { Whereabouts } from './whereabouts.ts';

export interface RunnerDependencies {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly metrics: RunnerMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly onFatal: (error: unknown) => void;
  /** Told of every record that is decided; nobody watches when it is not given. */
  readonly whereabouts?: Whereabouts;
}

export interface Runner extends Supervised {
  readonly name: string;
  /** Ready when its tables are read and it has its partitions; else why not. */
  health(): Promise<{ ok: boolean; detail: string }>;
  /** What it is at work on now. */
  held(): readonly Held[];
}

export interface ProcessorRunner extends Runner {
  /** What it holds of a key. Throws StateError when it holds nothing, or when the key's partition is not this process's. */
  inspect(key: string): Inspection;
}

/** What was taken gets this long to be committed when the process stops. Leaving the group comes after it: ten seconds in all. */
const STOP_GRACE_MS = 7_000;
const UNWATCHED = new Whereabouts();
/** State records of one transaction while a rebuilt state is written. */
const STATE_RECORDS_MAX = 1_000;

export const groupOf = (name: string): string => `khipu.${name}`;
/** One transactional id a task; the transactor adds the slot. Fixed, so that a new owner fences the old one. */
export const transactionalIdOf = (name: string, partition: number): string => `${transactionalIdsOf(name)}${partition}`;
/** What all transactional ids of one processor begin with, and no other's. */
export const transactionalIdsOf = (name: string): string => `khipu.${name}.`;

export interface RunnerLife extends Life {
  begin(): Promise<void>;
  held(): readonly Held[];
}

/** Runs one life after another under supervision, with the health that processors, workers and observers share. */
export function runLives(
  name: string,
  { logger, metrics, clock, onFatal }: RunnerDependencies,
  make: (onCrash: (error: unknown) => void, onPositioned: () => void) => RunnerLife,
): Runner {
  let positioned = false;
  let current: RunnerLife | null = null;
  const supervised = supervise({
    name,
    logger,
    clock,
    onFatal,
    onRestart: (code) => metrics.restarts.inc({ processor: name, code }),
    begin: async (onCrash) => {
      positioned = false;
      const life = make(onCrash, () => {
        positioned = true;
      });
      current = life;
      await life.begin();
      return life;
    },
  });
  return {
    ...supervised,
    name,
    held: () => (supervised.alive() ? (current?.held() ?? []) : []),
    health: async () =>
      supervised.alive() && positioned
        ? { ok: true, detail: 'reading' }
        : { ok: false, detail: supervised.lastError() ?? 'joining its group' },
  };
}

/** Runs a processor until it is closed: see `supervise` for what happens after an error. */
export function runProcessor(processor: Processor, dependencies: RunnerDependencies): ProcessorRunner {
  let life: ProcessorLife | null = null;
  const runner = runLives(processor.name, dependencies, (onCrash, onPositioned) => {
    life = new ProcessorLife(processor, dependencies, onCrash, onPositioned);
    return life;
  });
  return {
    ...runner,
    inspect: (key) => {
      if (life === null) throw new StateError('STATE_NOT_HERE', `${processor.name} is joining its group`);
      return life.inspect(key);
    },
  };
}

class ProcessorLife implements Life {
  readonly #processor: Processor;
  readonly #d: RunnerDependencies;
  readonly #onCrash: (error: unknown) => void;
  readonly #onPositioned: () => void;
  readonly #tables = new Map<string, TableView>();
  #tasks = new Map<number, ProcessorTask>();
  #assignment: Assignment | null = null;
  #membership: Membership | null = null;
  #failed = false;

  constructor(
    processor: Processor,
    dependencies: RunnerDependencies,
    onCrash: (error: unknown) => void,
    onPositioned: () => void,
  ) {
    this.#processor = processor;
    this.#d = dependencies;
    this.#onPositioned = onPositioned;
    this.#onCrash = (error) => {
      this.#failed = true;
      onCrash(error);
    };
  }

  async begin(): Promise<void> {
    try {
      const { log, decoder, logger } = this.#d;
      await Promise.all(
        Object.entries(this.#processor.tables).map(([name, table]) => {
          const view = new TableView(table);
          this.#tables.set(name, view);
          return view.open(log, decoder, logger, this.#onCrash);
        }),
      );
      this.#membership = await log.join({
        group: groupOf(this.#processor.name),
        topics: this.#processor.inputs.map(({ name }) => name),
        lane: this.#processor.lingerMs > 0 ? 'batch' : 'interactive',
        handlers: {
          onAssigned: (assignment) => this.#assigned(assignment),
          onBatch: (batch, assignment) => this.#batch(batch, assignment),
          onCrash: this.#onCrash,
        },
      });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const tasks = [...this.#tasks.values()];
    this.#tasks.clear();
    this.#assignment = null;
    await Promise.allSettled(tasks.map((task) => (this.#failed ? task.drop() : this.#stop(task))));
    await this.#membership?.close();
    await Promise.allSettled([...this.#tables.values()].map((table) => table.close()));
  }

  held(): readonly Held[] {
    return [...this.#tasks.values()].flatMap((task) => task.held() ?? []);
  }

  inspect(key: string): Inspection {
    const { name, inputs } = this.#processor;
    for (const task of this.#tasks.values()) {
      const found = task.inspect(key);
      if (found !== undefined) return found;
    }
    const partition = partitionOf(key, inputs[0]?.partitions ?? 1);
    if (!this.#tasks.has(partition))
      throw new StateError('STATE_NOT_HERE', `partition ${partition} of ${name} is not this process's`);
    throw new StateError('STATE_UNKNOWN_KEY', `${name} holds nothing of key ${key}`);
  }

  /** What does not end in time is left behind: whoever takes over fences it. */
  async #stop(task: ProcessorTask): Promise<void> {
    const grace = waitOf(this.#d.clock, STOP_GRACE_MS);
    const ended = await Promise.race([task.stop().then(() => true), grace.over.then(() => false)]);
    grace.end();
    if (ended) return;
    const held = task.held();
    this.#d.logger.error({ code: 'STOP_TOO_SLOW', ...held }, `not done within ${STOP_GRACE_MS} ms, and dropped`);
    void task.drop().catch(() => undefined);
  }

  /** Fence, then restore, then read the committed offsets: the order is what makes it exactly once. */
  async #assigned(assignment: Assignment): Promise<readonly Position[]> {
    const { log, metrics, logger } = this.#d;
    const { name, inputs } = this.#processor;
    this.#assignment = assignment;
    const old = [...this.#tasks.values()];
    this.#tasks.clear();
    await Promise.allSettled(old.map((task) => task.drop()));
    const began = this.#d.clock.now();
    const transactors = await Promise.all(
      assignment.partitions.map(async (partition) => ({
        partition,
        transactor: await log.transactor(transactionalIdOf(name, partition)),
      })),
    );
    const { partitions, rewrites } = await restoreState(
      log,
      this.#d.decoder,
      this.#processor,
      assignment.partitions,
      (read, left) => {
        metrics.restoreRecords.set({ processor: name }, read);
        metrics.restoreRecordsLeft.set({ processor: name }, left);
      },
    );
    for (const { partition, transactor } of transactors) await this.#rewrite(rewrites.get(partition) ?? [], transactor);
    const [first] = transactors;
    const parked: ReadonlyMap<number, ParkedLines> =
      this.#processor.poison === 'skip' || first === undefined
        ? new Map()
        : await readParked(log, this.#d.clock, first.transactor, this.#processor, assignment.partitions);
    for (const [partition, { size }] of parked) metrics.parkedKeys.set({ processor: name, partition }, size);
    const committed = await log.committed(
      groupOf(name),
      inputs.map((topic) => topic.name),
    );
    if (this.#assignment !== assignment) {
      await Promise.allSettled(transactors.map(({ transactor }) => transactor.close()));
      throw new LogError('FENCED', 'assigned anew while taking over');
    }
    for (const { partition, transactor } of transactors) {
      const { state, timers } = partitions.get(partition) ?? emptyPartition();
      this.#tasks.set(
        partition,
        new ProcessorTask({
          processor: this.#processor,
          group: groupOf(name),
          partition,
          transactor,
          state,
          positions: new Map(
            committed
              .filter((place) => place.partition === partition)
              .map(({ topic, offset }) => [topic, Math.max(0, offset)]),
          ),
          aside: new Aside(name, parked.get(partition) ?? null),
          timers: this.#processor.timers === null ? null : new TaskTimers(this.#processor, timers),
          tables: () => Object.fromEntries([...this.#tables].map(([table, view]) => [table, view.value])),
          decoder: this.#d.decoder,
          metrics,
          whereabouts: this.#d.whereabouts ?? UNWATCHED,
          clock: this.#d.clock,
          onCrash: this.#onCrash,
        }),
      );
    }
    metrics.restoreSeconds.set({ processor: name }, (this.#d.clock.now() - began) / 1_000);
    logger.info(
      { processor: name, partitions: assignment.partitions, takeoverMs: this.#d.clock.now() - began },
      'took over',
    );
    this.#onPositioned();
    return committed.filter(({ offset, partition }) => offset >= 0 && this.#tasks.has(partition));
  }

  /** Tells the state topic what was folded anew, in bounded transactions; harmless to repeat. */
  async #rewrite(records: readonly OutgoingRecord[], transactor: Transactor): Promise<void> {
    for (let at = 0; at < records.length; at += STATE_RECORDS_MAX)
      await transactor.commit({
        records: records.slice(at, at + STATE_RECORDS_MAX),
        group: groupOf(this.#processor.name),
        offsets: [],
      });
  }

  #batch(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined {
    if (assignment !== this.#assignment) return undefined;
    return this.#tasks.get(batch.partition)?.push(batch);
  }
}
