/**
 * Starts a piece of work at each tick, whether or not earlier ones have ended, and resolves when all have ended, in the
 * order of their start. `work` receives the time at which it was due (`performance.now()`): latencies counted from then
 * include the lateness of a busy load generator.
 */
export async function openLoop<T>(
  count: number,
  perSecond: number,
  work: (dueMs: number) => Promise<T>,
): Promise<readonly PromiseSettledResult<T>[]> {
  const running: Promise<PromiseSettledResult<T>>[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    running.push(Promise.allSettled([work(due)]).then(([settled]) => settled));
  }
  return Promise.all(running);
}

/** Returns the results of the works that succeeded. */
export const succeeded = <T>(settled: readonly PromiseSettledResult<T>[]): T[] =>
  settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));

/** Returns the reason of the first failure; undefined without one. */
export const firstFailure = (settled: readonly PromiseSettledResult<unknown>[]): unknown =>
  settled.find((result) => result.status === 'rejected')?.reason;
