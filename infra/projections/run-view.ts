import type { ProjectedMeta } from '../../projections/kernel.ts';
import type { Lane } from '../../schemas/topics.ts';
import type { AnyRecord, AnyTopic } from '../../streams/kernel.ts';
import { systemClock } from '../kafka/clock.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import type { Appender, Assignment, Log, Membership, Position } from '../kafka/log.ts';
import { deadLetter } from '../kafka/runner/dead-letter.ts';
import { type Life, type Supervised, supervise } from '../kafka/runner/supervise.ts';
import type { Logger } from '../telemetry/logger.ts';
import { Committed } from './advances.ts';
import { ProjectionError } from './errors.ts';
import type { ProjectionMetrics } from './metrics.ts';
import type { Sink } from './sink.ts';
import { ViewTask } from './view-task.ts';

export interface ViewDependencies {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly metrics: ProjectionMetrics;
  readonly logger: Logger;
  /** Wall clock, ms since 1970. For metrics and expiry only. */
  readonly now: () => number;
  readonly onFatal: (error: unknown) => void;
  readonly batchRecordsMax?: number;
}

/** A projection and where it is kept. */
export interface BoundView<Change> {
  readonly name: string;
  readonly inputs: readonly AnyTopic[];
  readonly lane?: Lane | undefined;
  readonly apply: (record: AnyRecord, meta: ProjectedMeta) => readonly Change[];
  readonly sink: Sink<Change>;
}

export interface ViewRunner extends Supervised {
  readonly name: string;
  /** Ready when it has its partitions and waits for nothing; else why not. */
  health(): Promise<{ ok: boolean; detail: string }>;
  /** How far the partitions of this process are committed. */
  positions(): readonly Position[];
}

export const groupOf = (view: string): string => `khipu.projection.${view}`;

/** Keeps a read model up to date until it is closed. Any error ends a life, and the next one reads the positions anew. */
export function runView<Change>(view: BoundView<Change>, dependencies: ViewDependencies): ViewRunner {
  let life: ViewLife<Change> | null = null;
  const supervised = supervise({
    name: `projection.${view.name}`,
    clock: systemClock,
    logger: dependencies.logger,
    onFatal: dependencies.onFatal,
    onRestart: (code) => dependencies.metrics.restarts.inc({ view: view.name, code }),
    begin: async (onCrash) => {
      life = new ViewLife(view, dependencies, onCrash);
      await life.begin();
      return life;
    },
  });
  return {
    ...supervised,
    name: view.name,
    positions: () => life?.task?.committed.entries() ?? [],
    health: async () => {
      const task = supervised.alive() ? life?.task : undefined;
      if (task === undefined || task === null)
        return { ok: false, detail: supervised.lastError() ?? 'joining its group' };
      return task.problem === null ? { ok: true, detail: 'reading' } : { ok: false, detail: `waits: ${task.problem}` };
    },
  };
}

/** How often a view looks whether the read model is still the one that it writes. */
const LOOK_MS = 2_000;
/** An orderly stop waits this long for the commit under way; after that the store ends it by itself, whole or not at all. */
const CLOSE_MS_MAX = 5_000;

class ViewLife<Change> implements Life {
  readonly #view: BoundView<Change>;
  readonly #d: ViewDependencies;
  readonly #onCrash: (error: unknown) => void;
  #membership: Membership | null = null;
  #appender: Promise<Appender> | null = null;
  #assignment: Assignment | null = null;
  #looks: NodeJS.Timeout | null = null;
  task: ViewTask<Change> | null = null;

  constructor(view: BoundView<Change>, dependencies: ViewDependencies, onCrash: (error: unknown) => void) {
    this.#view = view;
    this.#d = dependencies;
    this.#onCrash = onCrash;
  }

  async begin(): Promise<void> {
    this.#membership = await this.#d.log.join({
      group: groupOf(this.#view.name),
      topics: this.#view.inputs.map(({ name }) => name),
      ...(this.#view.lane !== undefined && { lane: this.#view.lane }),
      handlers: {
        onAssigned: (assignment) => this.#assigned(assignment),
        onBatch: (batch, assignment) => (assignment === this.#assignment ? this.task?.put(batch) : undefined),
        onCrash: this.#onCrash,
      },
    });
    this.#looks = setInterval(() => void this.#look().catch(() => undefined), LOOK_MS);
  }

  async close(): Promise<void> {
    if (this.#looks !== null) clearInterval(this.#looks);
    this.#assignment = null;
    await this.#endTask();
    await this.#membership?.close().catch(() => undefined);
    await (await this.#appender?.catch(() => null))?.close().catch(() => undefined);
  }

  async #look(): Promise<void> {
    const task = this.task;
    // What is committed while the store answers only makes its positions larger.
    if (task === null || (await this.#view.sink.holds(task.committed.entries())) || task !== this.task) return;
    const { name } = this.#view;
    this.#onCrash(new ProjectionError('PROJECTION_ZOMBIE', `${name}: the read model is another one, or was lost`));
  }

  async #assigned(assignment: Assignment): Promise<readonly Position[]> {
    this.#assignment = assignment;
    await this.#endTask();
    const held = (await this.#d.log.watermarks(this.#view.inputs.map(({ name }) => name))).filter(({ partition }) =>
      assignment.partitions.includes(partition),
    );
    const positions = (await this.#view.sink.positions(held)).filter((position) =>
      held.some((mark) => mark.topic === position.topic && mark.partition === position.partition),
    );
    for (const { topic, partition, offset } of positions) {
      const high = held.find((mark) => mark.topic === topic && mark.partition === partition)?.high ?? 0;
      if (offset > high)
        throw new ProjectionError(
          'LOG_BEHIND_READ_MODEL',
          `${this.#view.name} holds ${topic}/${partition} up to ${offset}, the log ends at ${high}: rebuild the view`,
        );
    }
    if (this.#assignment !== assignment) return positions;
    this.task = new ViewTask(
      { ...this.#d, ...this.#view, view: this.#view.name, deadLetter: (refused) => this.#deadLetter(refused) },
      new Committed(positions),
      this.#onCrash,
    );
    // A partition of which nothing was read begins at its beginning, wherever retention has put that.
    return positions.filter(({ offset }) => offset > 0);
  }

  async #endTask(): Promise<void> {
    const task = this.task;
    this.task = null;
    if (task === null) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS_MAX);
    });
    await Promise.race([task.close(), late]);
    clearTimeout(timer);
  }

  async #deadLetter({ record, error }: { record: Parameters<typeof deadLetter>[0]; error: unknown }): Promise<void> {
    this.#appender ??= this.#d.log.appender();
    const appender = await this.#appender.catch((failure: unknown) => {
      this.#appender = null;
      throw failure;
    });
    await appender.append([deadLetter(record, `projection.${this.#view.name}`, error, 1)]);
  }
}
