import { LRUCache } from 'lru-cache';
import type { Decoded } from '../../../infra/kafka/envelope.ts';
import { LogError } from '../../../infra/kafka/errors.ts';
import type { Position } from '../../../infra/kafka/port.ts';
import type { AnyRecord, RecordName } from '../../../schemas/generated/records.ts';
import type { EventTail } from './event-tail.ts';

/** The outcome of a command: the first event of its chain that answers it. */
export interface KnownOutcome {
  readonly record: AnyRecord;
  readonly eventId: string;
  readonly tenantId: string;
  /** Place of the session or request; null outside of them. */
  readonly place: string | null;
  /** Digest of the request that sent the command; null when unknown. */
  readonly requestDigest: string | null;
  /** Position of the event in the log; null when it was not read from there. */
  readonly position: Position | null;
  /** Time of the command, ms since 1970. */
  readonly timeMs: number;
}

/** A wait for an outcome. */
export interface Waiting {
  /** Resolves with the outcome, or with null after the timeout or `cancel`. */
  readonly outcome: Promise<KnownOutcome | null>;
  cancel(): void;
}

type Settle = (outcome: KnownOutcome | null) => void;

const WAITING_MAX = 10_000;
const RECENT_MAX = 10_000;
/** Embeddings are large, so recent outcomes are bounded by bytes as well. */
const RECENT_BYTES_MAX = 16 * 1024 * 1024;

const outcomeOf = ({ record, meta }: Decoded): KnownOutcome => ({
  record,
  eventId: meta.id,
  tenantId: meta.tenantId,
  place: meta.place,
  requestDigest: meta.requestDigest ?? null,
  position: { topic: meta.topic, partition: meta.partition, offset: meta.offset },
  timeMs: meta.timeMs,
});

/**
 * Finds the outcomes of commands among the events of the tail. A command is the first record of its chain, so its outcome
 * has its id as correlation id, through any records between them. Keeps the latest 10,000 outcomes (16 MB), so that a
 * repeated request finds an outcome that passed before; of several of one type for one command, it keeps the first. A chain may
 * have outcomes of other commands as well: a call of a tool keeps a memory, and then completes.
 */
export class Outcomes {
  readonly #waiting = new Map<string, Set<Settle>>();
  /** Ordered by arrival: reading an outcome does not keep it longer. */
  readonly #recent = new LRUCache<string, readonly KnownOutcome[]>({ max: RECENT_MAX, maxSize: RECENT_BYTES_MAX });
  #waitingCount = 0;
  /** Monotonic time of the latest outcome, in ms; that of the begin before the first. */
  #heardMs = performance.now();

  /** Listens for the event types in `records`. */
  constructor(tail: Pick<EventTail, 'listen'>, records: readonly RecordName[]) {
    const types = new Set<string>(records);
    tail.listen((event) => {
      if (types.has(event.record.type)) this.#take(event);
    });
  }

  /** Returns the ms since the latest outcome of any command: what decides is at work, or has nothing to do. */
  get quietMs(): number {
    return performance.now() - this.#heardMs;
  }

  /** Returns the first recent outcome of one of the types, by default of any; undefined when this process has none. */
  recent(commandId: string, types?: readonly RecordName[]): KnownOutcome | undefined {
    return this.#recent.peek(commandId)?.find(({ record }) => types?.includes(record.type) ?? true);
  }

  /**
   * Waits up to `timeoutMs` for the outcome of a command of one of the types, by default of any; resolves at once when it is
   * known. Call it before the append, or
   * the outcome may pass unseen. Throws LogError LOG_OVERLOADED when 10,000 requests wait.
   */
  expect(commandId: string, timeoutMs: number, types?: readonly RecordName[]): Waiting {
    const known = this.recent(commandId, types);
    if (known !== undefined) return { outcome: Promise.resolve(known), cancel: () => undefined };
    if (this.#waitingCount >= WAITING_MAX) throw new LogError('LOG_OVERLOADED', `${WAITING_MAX} requests wait already`);
    this.#waitingCount += 1;
    const { promise, resolve } = Promise.withResolvers<KnownOutcome | null>();
    const listeners = this.#waiting.get(commandId) ?? new Set<Settle>();
    this.#waiting.set(commandId, listeners);
    let timer: NodeJS.Timeout | undefined;
    const settle: Settle = (outcome) => {
      if (outcome !== null && types?.includes(outcome.record.type) === false) return;
      if (!listeners.delete(settle)) return;
      if (listeners.size === 0) this.#waiting.delete(commandId);
      this.#waitingCount -= 1;
      clearTimeout(timer);
      resolve(outcome);
    };
    listeners.add(settle);
    timer = setTimeout(() => settle(null), timeoutMs);
    return { outcome: promise, cancel: () => settle(null) };
  }

  #take(event: Decoded): void {
    this.#heardMs = performance.now();
    const commandId = event.meta.correlationId;
    const known = this.#recent.peek(commandId) ?? [];
    if (known.some(({ record }) => record.type === event.record.type)) return;
    const outcome = outcomeOf(event);
    const outcomes = [...known, outcome];
    this.#recent.set(commandId, outcomes, { size: outcomes.length * Math.max(1, event.meta.value.length) });
    for (const settle of [...(this.#waiting.get(commandId) ?? [])]) settle(outcome);
  }
}
