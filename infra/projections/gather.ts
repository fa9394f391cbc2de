import type { FetchedBatch, LogRecord } from '../kafka/log.ts';

/** Records of one partition that follow each other. */
export interface Chunk {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The first offset behind the chunk. */
  readonly next: number;
}

/** Batches that hold no record (transaction markers alone) wait this long for company before they cost a commit. */
const EMPTY_WAIT_MS = 500;

/**
 * Gathers batches of all partitions while a commit is under way, so that the next commit takes them together: as many as
 * the backlog holds up to a bound, and a single record at once when nothing else waits.
 */
export class Gatherer {
  readonly #recordsMax: number;
  #waiting: Chunk[] = [];
  #records = 0;
  #closed = false;
  #ending = false;
  #wake: () => void = () => undefined;
  #drained: (() => void)[] = [];
  #emptyTimer: NodeJS.Timeout | null = null;
  #filled: PromiseWithResolvers<void> | null = null;

  /** `recordsMax`: of one commit. As many again may wait for the next; beyond that, reading pauses. */
  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax;
  }

  /** Undefined asks for more at once; a promise resolves when there is room again. */
  put({ topic, partition, records, next }: FetchedBatch): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.#waiting.push({ topic, partition, records, next });
    this.#records += records.length;
    if (records.length > 0) this.#wake();
    else
      this.#emptyTimer ??= setTimeout(() => {
        this.#emptyTimer = null;
        this.#wake();
      }, EMPTY_WAIT_MS);
    if (this.#records < this.#recordsMax) return undefined;
    this.#tellFull();
    return new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Resolves when a whole commit waits, or nothing more will. */
  full(): Promise<void> {
    if (this.#closed || this.#ending || this.#records >= this.#recordsMax) return Promise.resolve();
    this.#filled ??= Promise.withResolvers();
    return this.#filled.promise;
  }

  /** The chunks of the next commit, at most `recordsMax` records; null when closed, or ended and empty. */
  async take(): Promise<readonly Chunk[] | null> {
    while (
      !this.#closed &&
      !this.#ending &&
      this.#records === 0 &&
      (this.#waiting.length === 0 || this.#emptyTimer !== null)
    )
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#closed || (this.#ending && this.#waiting.length === 0)) return null;
    const taken: Chunk[] = [];
    let room = this.#recordsMax;
    while (room > 0) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) break;
      const fits = chunk.records.slice(0, room);
      const rest = chunk.records.slice(room);
      const behind = rest[0];
      taken.push({ ...chunk, records: fits, next: behind?.offset ?? chunk.next });
      if (behind !== undefined) this.#waiting.unshift({ ...chunk, records: rest });
      room -= fits.length;
      this.#records -= fits.length;
    }
    if (this.#waiting.length === 0) this.#stopTimer();
    if (this.#records < this.#recordsMax) for (const resolve of this.#drained.splice(0)) resolve();
    return taken;
  }

  /** Nothing more will be put; `take` gives what waits, then null. */
  end(): void {
    this.#ending = true;
    this.#tellFull();
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#stopTimer();
    this.#tellFull();
    this.#wake();
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #tellFull(): void {
    this.#filled?.resolve();
    this.#filled = null;
  }

  #stopTimer(): void {
    if (this.#emptyTimer !== null) clearTimeout(this.#emptyTimer);
    this.#emptyTimer = null;
  }
}
