import { isStarted } from './first-process.ts';

/** Bound of an orderly stop, in ms; then the process ends anyway. */
const STOP_MS_MAX = 10_000;

/**
 * Waits for SIGINT or SIGTERM, closes in order, and exits. A second signal, or a close that takes longer than ten
 * seconds, ends the process at once.
 */
export async function untilStopped(close: () => Promise<void>): Promise<void> {
  // Keeps the process alive: some of its parts hold only unreferenced timers and sockets.
  const hold = setInterval(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    isStarted();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
  await close();
  clearInterval(hold);
  process.exit(process.exitCode ?? 0);
}
