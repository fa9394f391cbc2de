import type { Decoded } from '../../../infra/kafka/envelope.ts';
import type { EventTail } from './event-tail.ts';

export interface Caused {
  /** The event, or null when it did not come in time. */
  readonly event: Promise<Decoded | null>;
  cancel(): void;
}

/** Waits for the first event that a command causes. Call before the append, or it may pass unseen. */
export function firstCausedBy(tail: Pick<EventTail, 'listen'>, commandId: string, timeoutMs: number): Caused {
  const { promise, resolve } = Promise.withResolvers<Decoded | null>();
  const settle = (event: Decoded | null): void => {
    unlisten();
    clearTimeout(timer);
    resolve(event);
  };
  const unlisten = tail.listen((event) => {
    if (event.meta.causationId === commandId) settle(event);
  });
  const timer = setTimeout(() => settle(null), timeoutMs);
  return { event: promise, cancel: () => settle(null) };
}
