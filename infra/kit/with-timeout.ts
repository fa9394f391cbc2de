/**
 * Settles as `work` does. Rejects with `late()` when that takes longer than `timeoutMs`, and aborts the signal then. Work that
 * ignores the signal is not cancelled, so its late effects must be harmless.
 */
export async function withTimeout<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const given = new AbortController();
  const lateness = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    lateness.reject(late());
    given.abort();
  }, timeoutMs);
  try {
    return await Promise.race([work(given.signal), lateness.promise]);
  } finally {
    clearTimeout(timer);
  }
}
