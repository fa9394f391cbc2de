import { childTraceparent, KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { keyOf } from '../../schemas/topics.ts';
import type { Meta, Processor, Timer } from '../kernel.ts';
import type { Emitted } from './step.ts';

/** The record under which a timer was first listed: its command continues that chain. */
export type TimerCause = Pick<Meta, 'id' | 'tenantId' | 'place' | 'correlationId' | 'traceparent'>;

/** The part of a timer that the state record stores; the rest follows from the state. */
export interface TimerMark {
  readonly id: string;
  readonly cause: TimerCause;
  /** True when its command is in the log. */
  readonly fired: boolean;
}

/** A timer that a state lists. */
export interface SetTimer extends Timer, TimerMark {}

export const NO_TIMERS: readonly SetTimer[] = [];

/**
 * Returns the id of a timer. It depends on key, command and time only, so a command that is written again is a repeat.
 */
const timerId = (processor: string, key: string, { atMs, record }: Timer): string =>
  uuidV5(KHIPU_NAMESPACE, `timer/${processor}/${key}/${atMs}/${record.type}/${JSON.stringify(record.data)}`);

/**
 * Returns the timers of a key that now has `state`. A timer that was listed before keeps its cause and its `fired`
 * mark; a timer that is no longer listed is forgotten, fired or not. Throws when `due` throws, or lists a command of
 * another key or an invalid time.
 */
export function timersOf(
  processor: Processor,
  key: string,
  state: unknown,
  before: readonly TimerMark[],
  causeOfNew: TimerCause | null,
): readonly SetTimer[] {
  if (processor.timers === null || processor.finished(state)) return NO_TIMERS;
  const due = processor.timers.due(state, key);
  if (due.length === 0) return NO_TIMERS;
  const timers = new Map<string, SetTimer>();
  for (const timer of due) {
    const { atMs, record } = timer;
    if (keyOf(record) !== key) throw new Error(`${processor.name} of key ${key} sets a timer of key ${keyOf(record)}`);
    if (!Number.isSafeInteger(atMs) || atMs < 0) throw new Error(`${processor.name} sets a timer at ${atMs}`);
    const id = timerId(processor.name, key, timer);
    const known = before.find((mark) => mark.id === id);
    const cause = known?.cause ?? causeOfNew;
    if (cause === null) throw new UnknownTimerError(`the cause of ${record.type} of key ${key} is unknown`);
    timers.set(id, { atMs, record, id, cause, fired: known?.fired ?? false });
  }
  return [...timers.values()];
}

/** The state lists a timer that its record does not store: the record was written before `due` listed it. */
export class UnknownTimerError extends Error {}

/** Returns the part of a record's meta that its timers keep. */
export const causeOf = ({ id, tenantId, place, correlationId, traceparent }: Meta): TimerCause => ({
  ...{ id, tenantId, place, correlationId, traceparent },
});

/** Returns the part of a timer that the state record stores. */
export const markOf = ({ id, cause, fired }: SetTimer): TimerMark => ({ id, cause, fired });

/** Returns a timer's command with its envelope. Its time is its due time, however late it is appended. */
export function timerCommand(processor: Processor, key: string, { id, atMs, record, cause }: SetTimer): Emitted {
  return {
    topic: processor.timers?.topic.name ?? '',
    key,
    record,
    id,
    tenantId: cause.tenantId,
    place: cause.place,
    correlationId: cause.correlationId,
    causationId: cause.id,
    timeMs: atMs,
    traceparent: childTraceparent(cause.traceparent, id),
    source: `khipu/${processor.name}`,
  };
}
