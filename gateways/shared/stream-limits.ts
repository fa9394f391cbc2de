import { Problem } from './problems/problem.ts';

/** A tenant's share, so that one tenant cannot use up a gateway. A stream takes about 17 KB. */
const STREAMS_PER_TENANT_MAX = 1_000;
const STREAMS_MAX = 10_000;

/** Limits the open streams of this process: 1,000 per tenant, 10,000 in all. */
export class StreamLimits {
  readonly #open = new Map<string, number>();
  #total = 0;

  /**
   * Counts a stream that opens. Returns a function to call when it ends; a second call has no effect. Throws Problem
   * STREAMS_EXHAUSTED at a limit.
   */
  enter(tenantId: string): () => void {
    const open = this.#open.get(tenantId) ?? 0;
    if (open >= STREAMS_PER_TENANT_MAX || this.#total >= STREAMS_MAX)
      throw new Problem('STREAMS_EXHAUSTED', `This tenant has ${open} open streams at this gateway; close some`);
    this.#open.set(tenantId, open + 1);
    this.#total += 1;
    let entered = true;
    return () => {
      if (!entered) return;
      entered = false;
      this.#total -= 1;
      const left = (this.#open.get(tenantId) ?? 1) - 1;
      if (left === 0) this.#open.delete(tenantId);
      else this.#open.set(tenantId, left);
    };
  }
}
