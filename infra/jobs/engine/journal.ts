import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntryKind } from '../../../schemas/contexts/jobs.ts';
import type { JobEntry } from '../../../schemas/generated/records.ts';

/** Kinds whose result the handler gets at once: they are never delivered. */
const IMMEDIATE: ReadonlySet<string> = new Set<JobEntryKind>(['now', 'patch']);
const WAITS: ReadonlySet<string> = new Set<JobEntryKind>(['sleep', 'signal', 'child', 'model', 'tool', 'agent']);

export const isFinal = ({ outcome }: JobEntry): boolean => outcome !== 'attempted';

/**
 * The journal of a job at the beginning of a run. A later entry of a key replaces an earlier one. A run delivers the
 * results of the earlier runs in the order in which they were delivered then: run by run, in each first the waits that
 * were over when it began, then its steps in the order of their records. So a race has the same winner.
 */
export class Journal {
  readonly #entries: ReadonlyMap<string, JobEntry>;
  readonly #asked = new Set<string>();
  /** Keys of results that are delivered, in order. */
  readonly #order: readonly string[];
  readonly #delivered = new Set<string>();
  #from = 0;

  constructor(entries: readonly JobEntry[]) {
    const kept = new Map<string, JobEntry>();
    for (const entry of entries) {
      const key = stepKey(entry);
      kept.delete(key);
      kept.set(key, entry);
    }
    this.#entries = kept;
    this.#order = inDeliveryOrder([...kept.values()])
      .filter((entry) => isFinal(entry) && !IMMEDIATE.has(entry.kind))
      .map(stepKey);
  }

  /** Returns the entry of a key, which counts as asked for from now on. */
  ask(key: string): JobEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#asked.add(key);
    return entry;
  }

  /** Returns the key of the entry that is delivered next; undefined when all are delivered. */
  next(): string | undefined {
    while (this.#delivered.has(this.#order[this.#from] ?? '')) this.#from += 1;
    return this.#order[this.#from];
  }

  deliver(key: string): void {
    this.#delivered.add(key);
  }

  /** Returns the first entry that no code asked for. */
  unasked(): JobEntry | undefined {
    if (this.#asked.size === this.#entries.size) return undefined;
    for (const [key, entry] of this.#entries) if (!this.#asked.has(key)) return entry;
    return undefined;
  }

  /** True while the run has not come to where the earlier runs were. */
  get isReplaying(): boolean {
    return this.#asked.size < this.#entries.size || this.next() !== undefined;
  }
}

const rank = ({ kind }: JobEntry): number => (WAITS.has(kind) ? 0 : 1);

/** Returns entries that are in the order in which they were kept, in the order in which a run delivers them. */
export const inDeliveryOrder = (entries: readonly JobEntry[]): readonly JobEntry[] =>
  [...entries].sort((a, b) => a.generation - b.generation || rank(a) - rank(b));
