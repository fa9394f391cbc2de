/** A time window that is opened after each piece. */
export interface FlushWindow {
  /** Opens the window for `windowMs`, also one that is open. */
  open(windowMs: number): void;
  close(): void;
  isOpen(): boolean;
  /** Resolves at the end of the window; never while closed. */
  passed(): Promise<'passed'>;
}

/** Returns a closed window. */
export function flushWindow(): FlushWindow {
  let timer: NodeJS.Timeout | null = null;
  let end = Promise.withResolvers<'passed'>();
  const close = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    end = Promise.withResolvers();
  };
  return {
    open(windowMs) {
      close();
      const { resolve } = end;
      timer = setTimeout(() => resolve('passed'), windowMs);
    },
    close,
    isOpen: () => timer !== null,
    passed: () => end.promise,
  };
}
