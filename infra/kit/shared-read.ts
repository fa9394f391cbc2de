/**
 * Returns a function that runs `read` for its callers. Callers share a run that began after each of them called, so each
 * sees what is true after its call; a run under way is never shared with a later caller. At most one run at a time.
 */
export function sharedRead<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= running.then(() => {
      next = null;
      const run = read();
      running = run.catch(() => undefined);
      return run;
    });
    return next;
  };
}
