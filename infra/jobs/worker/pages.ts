import type { JobEntry, LoadJobEntries } from '../../../schemas/generated/records.ts';
import { type Clock, waitOf } from '../../kit/clock.ts';

/** Bytes of pages that wait for their runs. The oldest are dropped first: their run is lost, and another is sent. */
const BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of an entry besides its texts. */
const ENTRY_BYTES_EXTRA = 200;

interface Journal {
  readonly generation: number;
  readonly pages: Map<number, readonly JobEntry[]>;
  bytes: number;
}

const bytesOf = (entries: readonly JobEntry[]): number =>
  entries.reduce(
    (sum, { output, detail }) => sum + ENTRY_BYTES_EXTRA + (output?.length ?? 0) + (detail?.length ?? 0),
    0,
  );

/** The journals of runs that come, part by part. Of each job the latest run counts. */
export class Pages {
  readonly #clock: Clock;
  readonly #journals = new Map<string, Journal>();
  readonly #listeners = new Map<string, () => void>();
  #bytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps a page for its run. */
  add({ jobId, generation, page, entries }: LoadJobEntries): void {
    const known = this.#journals.get(jobId);
    if (known !== undefined && known.generation > generation) return;
    if (known !== undefined && known.generation < generation) this.drop(jobId);
    const journal = this.#journals.get(jobId) ?? { generation, pages: new Map(), bytes: 0 };
    const more = bytesOf(entries) - bytesOf(journal.pages.get(page) ?? []);
    journal.pages.set(page, entries);
    journal.bytes += more;
    this.#bytes += more;
    this.#journals.set(jobId, journal);
    this.#listeners.get(jobId)?.();
    for (const oldest of this.#journals.keys()) {
      if (this.#bytes <= BYTES_MAX) return;
      this.drop(oldest);
    }
  }

  /** Returns all parts of the journal of a run and forgets them, or null when not all have come within `timeoutMs`. */
  async take(
    { jobId, generation, pages }: { readonly jobId: string; readonly generation: number; readonly pages: number },
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<readonly (readonly JobEntry[])[] | null> {
    const find = (): readonly (readonly JobEntry[])[] | null => {
      const journal = this.#journals.get(jobId);
      const known = journal?.generation === generation ? journal.pages : new Map<number, readonly JobEntry[]>();
      const parts = Array.from({ length: pages }, (_, page) => known.get(page));
      return parts.includes(undefined) ? null : parts.map((part) => part ?? []);
    };
    if (find() === null && !signal.aborted) {
      const wait = waitOf(this.#clock, timeoutMs);
      signal.addEventListener('abort', wait.end, { once: true });
      this.#listeners.set(jobId, () => {
        if (find() !== null) wait.end();
      });
      await wait.over;
      this.#listeners.delete(jobId);
      signal.removeEventListener('abort', wait.end);
    }
    const found = find();
    this.forget(jobId, generation);
    return found;
  }

  /** Forgets the journal of a run, and of those before it. */
  forget(jobId: string, generation: number): void {
    if ((this.#journals.get(jobId)?.generation ?? Number.POSITIVE_INFINITY) <= generation) this.drop(jobId);
  }

  /** Forgets what has come for a job. */
  drop(jobId: string): void {
    this.#bytes -= this.#journals.get(jobId)?.bytes ?? 0;
    this.#journals.delete(jobId);
  }

  /** Number of jobs whose pages wait for a run. */
  get size(): number {
    return this.#journals.size;
  }
}
