/** A time window that is opened after each piece. */
export interface FlushWindow {
  open(): void;
  close(): void;
  isOpen(): boolean;
  /** Resolves at the end of the window; never while closed. */
  passed(): Promise<'passed'>;
}

/** Returns a closed window of `windowMs`. */
export function flushWindow(windowMs: number): FlushWindow {
  let timer: NodeJS.Timeout | null = null;
  let end = Promise.withResolvers<'passed'>();
  const close = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    end = Promise.withResolvers();
  };
  return {
    open() {
      close();
      const { resolve } = end;
      timer = setTimeout(() => resolve('passed'), windowMs);
    },
    close,
    isOpen: () => timer !== null,
    passed: () => end.promise,
  };
}
