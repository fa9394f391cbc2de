import { createHash } from 'node:crypto';

const LINES_KEPT = 40;

/** All steps, in order. The last lines are kept for reading, all lines as a digest for comparison. */
export class Trace {
  readonly #digest = createHash('sha256');
  readonly #last: string[] = [];
  readonly #kept: number;

  constructor(kept = LINES_KEPT) {
    this.#kept = kept;
  }

  add(atMs: number, line: string): void {
    const entry = `${atMs} ${line}`;
    this.#digest.update(entry).update('\n');
    this.#last.push(entry);
    if (this.#last.length > this.#kept) this.#last.shift();
  }

  get last(): readonly string[] {
    return this.#last;
  }

  /** Ends the trace and returns its digest. */
  digest(): string {
    return this.#digest.digest('hex');
  }
}
