const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** As a shell reports an end by SIGTERM. */
const end = (): never => process.exit(143);

/**
 * Ends this process at the first signal, until `isStarted` is called. The kernel drops signals of the first process of a
 * container that it does not listen to, so without this a role that starts would be killed only after the grace period.
 */
export function endWhileStarting(pid: number = process.pid): void {
  if (pid === 1) for (const signal of SIGNALS) process.on(signal, end);
}

/** Leaves signals to the role from now on. */
export function isStarted(): void {
  for (const signal of SIGNALS) process.off(signal, end);
}
