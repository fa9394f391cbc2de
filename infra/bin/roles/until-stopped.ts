/** Longest time that an orderly stop may take; then the process ends anyway. */
const STOP_MS_MAX = 10_000;

/** Resolves after SIGINT or SIGTERM and an orderly close. A second signal, or a close that hangs, ends the process at once. */
export async function untilStopped(close: () => Promise<void>): Promise<void> {
  // Nothing else may hold the process up: some of its parts are only timers and sockets that can be let go.
  const hold = setInterval(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  await close();
  clearInterval(hold);
  process.exit(process.exitCode ?? 0);
}
