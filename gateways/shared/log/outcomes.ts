import type { Decoded } from '../../../infra/kafka/envelope.ts';
import { LogError } from '../../../infra/kafka/errors.ts';
import type { RecordName, RecordOf } from '../../../schemas/generated/records.ts';
import { keyOf } from '../../../schemas/topics.ts';
import type { EventTail } from './event-tail.ts';

const outcomeNames = [
  'SessionStarted',
  'SessionRefused',
  'InferenceCompleted',
  'EmbeddingCompleted',
  'InferenceFailed',
  'InferenceRefused',
] as const satisfies readonly RecordName[];

/** Events that answer a command; each has the command's key. */
export type OutcomeRecord = RecordOf<(typeof outcomeNames)[number]>;

export interface Outcome {
  readonly record: OutcomeRecord;
  readonly meta: Decoded['meta'];
}

export interface Waiting {
  /** The outcome, or null when it did not come in time. */
  readonly outcome: Promise<Outcome | null>;
  cancel(): void;
}

const WAITING_MAX = 10_000;
const RECENT_MAX = 10_000;
/** Embeddings are large: what is remembered is bounded by bytes as well. */
const RECENT_BYTES_MAX = 16 * 1024 * 1024;
const names: ReadonlySet<string> = new Set(outcomeNames);

const isOutcome = (event: Decoded): event is Outcome => names.has(event.record.type);

/**
 * Finds the outcomes of commands among the events of the tail, by key. The latest ones are remembered, so that a request
 * that is repeated, here or elsewhere, finds an outcome that passed before it asked.
 */
export class Outcomes {
  readonly #waiting = new Map<string, Set<(outcome: Outcome) => void>>();
  readonly #recent = new Map<string, Outcome>();
  #recentBytes = 0;
  #waitingCount = 0;

  constructor(tail: EventTail) {
    tail.listen((event) => {
      if (isOutcome(event)) this.#take(event);
    });
  }

  recent(key: string): Outcome | undefined {
    return this.#recent.get(key);
  }

  /**
   * Waits for the next outcome of `key`. Call before the append, or it may pass unseen. Throws LogError LOG_OVERLOADED
   * when too many wait already.
   */
  expect(key: string, timeoutMs: number): Waiting {
    if (this.#waitingCount >= WAITING_MAX) throw new LogError('LOG_OVERLOADED', `${WAITING_MAX} requests wait already`);
    this.#waitingCount += 1;
    const { promise, resolve } = Promise.withResolvers<Outcome | null>();
    const listeners = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, listeners);
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: Outcome | null): void => {
      if (!listeners.delete(settle)) return;
      if (listeners.size === 0) this.#waiting.delete(key);
      this.#waitingCount -= 1;
      clearTimeout(timer);
      resolve(outcome);
    };
    listeners.add(settle);
    timer = setTimeout(() => settle(null), timeoutMs);
    return { outcome: promise, cancel: () => settle(null) };
  }

  #take(outcome: Outcome): void {
    const key = keyOf(outcome.record);
    this.#remember(key, outcome);
    for (const settle of [...(this.#waiting.get(key) ?? [])]) settle(outcome);
  }

  #remember(key: string, outcome: Outcome): void {
    this.#forget(key);
    this.#recent.set(key, outcome);
    this.#recentBytes += outcome.meta.value.length;
    while (this.#recent.size > RECENT_MAX || this.#recentBytes > RECENT_BYTES_MAX) {
      const oldest = this.#recent.keys().next();
      if (oldest.done) return;
      this.#forget(oldest.value);
    }
  }

  #forget(key: string): void {
    const known = this.#recent.get(key);
    if (known === undefined) return;
    this.#recentBytes -= known.meta.value.length;
    this.#recent.delete(key);
  }
}
