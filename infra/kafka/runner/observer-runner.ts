import type { Decoded } from '../envelope.ts';
import { codeOf, messageOf } from '../errors.ts';
import type { Assignment, CommittedOffset, FetchedBatch, Membership, Position, Transactor } from '../log.ts';
import { isRedriven } from './dead-letter.ts';
import type { Held } from './held.ts';
import { groupOf, type Runner, type RunnerDependencies, runLives, transactionalIdOf } from './processor-runner.ts';
import type { Life } from './supervise.ts';

/** Tells somebody outside of the log what happens in a topic: at least once, in the order of each partition. */
export interface Observer {
  readonly name: string;
  readonly topic: string;
  observe(event: Decoded): void;
}

/** What was told within this time before a crash is told again. */
const COMMIT_EVERY_MS = 5_000;

/** Runs an observer until it is closed. It writes nothing but its offsets, fenced like any other reader's. */
export function runObserver(observer: Observer, dependencies: RunnerDependencies): Runner {
  return runLives(
    observer.name,
    dependencies,
    (onCrash, onPositioned) => new ObserverLife(observer, dependencies, onCrash, onPositioned),
  );
}

class ObserverLife implements Life {
  readonly #observer: Observer;
  readonly #d: RunnerDependencies;
  readonly #onCrash: (error: unknown) => void;
  readonly #onPositioned: () => void;
  readonly #next = new Map<number, number>();
  #transactors = new Map<number, Transactor>();
  #assignment: Assignment | null = null;
  #membership: Membership | null = null;
  #telling: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(
    observer: Observer,
    dependencies: RunnerDependencies,
    onCrash: (error: unknown) => void,
    onPositioned: () => void,
  ) {
    this.#observer = observer;
    this.#d = dependencies;
    this.#onCrash = onCrash;
    this.#onPositioned = onPositioned;
  }

  async begin(): Promise<void> {
    this.#membership = await this.#d.log.join({
      group: groupOf(this.#observer.name),
      topics: [this.#observer.topic],
      lane: 'batch',
      handlers: {
        onAssigned: (assignment) => this.#assigned(assignment),
        onBatch: (batch, assignment) => this.#batch(batch, assignment),
        onCrash: this.#onCrash,
      },
    });
    void this.#commitAgainAndAgain();
  }

  async #commitAgainAndAgain(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await this.#d.clock.sleep(COMMIT_EVERY_MS, signal);
      if (signal.aborted) return;
      this.#telling = this.#telling.then(() => this.#commit()).catch(this.#onCrash);
    }
  }

  held(): readonly Held[] {
    return [];
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#telling;
    await this.#commit().catch(() => undefined);
    await this.#membership?.close();
    await this.#release();
  }

  async #assigned(assignment: Assignment): Promise<readonly Position[]> {
    const { log } = this.#d;
    const { name, topic } = this.#observer;
    this.#assignment = assignment;
    await this.#release();
    for (const partition of assignment.partitions)
      this.#transactors.set(partition, await log.transactor(transactionalIdOf(name, partition)));
    const committed = await log.committed(groupOf(name), [topic]);
    this.#onPositioned();
    return committed.filter(({ offset, partition }) => offset >= 0 && assignment.partitions.includes(partition));
  }

  #batch(batch: FetchedBatch, assignment: Assignment): Promise<void> | undefined {
    if (assignment !== this.#assignment) return undefined;
    this.#telling = this.#telling.then(() => this.#tell(batch));
    return this.#telling;
  }

  async #tell(batch: FetchedBatch): Promise<void> {
    const { decoder, logger, metrics } = this.#d;
    for (const record of batch.records) {
      if (isRedriven(record.headers)) continue;
      try {
        this.#observer.observe(await decoder.decode(record));
      } catch (error) {
        if (codeOf(error) === 'REGISTRY_UNAVAILABLE') throw error;
        const { topic, partition, offset } = record;
        logger.error(
          { observer: this.#observer.name, topic, partition, offset, code: codeOf(error) },
          messageOf(error),
        );
      }
    }
    metrics.recordsIn.inc({ processor: this.#observer.name }, batch.records.length);
    this.#next.set(batch.partition, batch.next);
  }

  async #commit(): Promise<void> {
    const { name, topic } = this.#observer;
    for (const [partition, offset] of [...this.#next]) {
      this.#next.delete(partition);
      const place: CommittedOffset = { topic, partition, offset, metadata: '' };
      await this.#transactors.get(partition)?.commit({ records: [], group: groupOf(name), offsets: [place] });
    }
  }

  async #release(): Promise<void> {
    const transactors = [...this.#transactors.values()];
    this.#transactors = new Map();
    this.#next.clear();
    await Promise.allSettled(transactors.map((transactor) => transactor.close()));
  }
}
