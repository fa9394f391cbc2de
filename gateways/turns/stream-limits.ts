import { Problem } from '../shared/problems/problem.ts';

/** One tenant cannot take all of a gateway. A stream costs some 17 KB. */
const STREAMS_PER_TENANT_MAX = 1_000;
const STREAMS_MAX = 10_000;

/** Counts open streams of this process. */
export class StreamLimits {
  readonly #open = new Map<string, number>();
  #total = 0;

  /** Throws STREAMS_EXHAUSTED. Call what it returns when the stream ends; twice does no harm. */
  enter(tenantId: string): () => void {
    const open = this.#open.get(tenantId) ?? 0;
    if (open >= STREAMS_PER_TENANT_MAX || this.#total >= STREAMS_MAX)
      throw new Problem('STREAMS_EXHAUSTED', `${open} streams of this tenant are open here; close some`);
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
