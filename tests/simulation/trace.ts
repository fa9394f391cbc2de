import { createHash } from 'node:crypto';

const LINES_KEPT = 40;

/** What happened, in order. The last lines are kept to be read, all of them as a digest to be compared. */
export class Trace {
  readonly #digest = createHash('sha256');
  readonly #last: string[] = [];
  readonly #kept: number;

  constructor(kept = LINES_KEPT) {
    this.#kept = kept;
  }

  add(atMs: number, line: string): void {
    const told = `${atMs} ${line}`;
    this.#digest.update(told).update('\n');
    this.#last.push(told);
    if (this.#last.length > this.#kept) this.#last.shift();
  }

  get last(): readonly string[] {
    return this.#last;
  }

  /** Ends the trace. */
  digest(): string {
    return this.#digest.digest('hex');
  }
}
