/** Types of lock.mjs. */
export declare function withLock<T>(
  file: string,
  body: () => Promise<T>,
  options?: { onWait?: () => void; waitMs?: number },
): Promise<T>;
