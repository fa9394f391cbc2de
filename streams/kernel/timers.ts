import { keyOf } from '../../schemas/topics.ts';
import type { Meta, Processor, Timer } from '../kernel.ts';
import { childTraceparent, KHIPU_NAMESPACE, uuidV5 } from './ids.ts';
import type { Emitted } from './step.ts';

/** Of the record under which a timer was first listed: the chain that its command goes on. */
export type TimerCause = Pick<Meta, 'id' | 'tenantId' | 'correlationId' | 'traceparent'>;

/** What the state record keeps of a timer; the rest is told by the state. */
export interface TimerMark {
  readonly id: string;
  readonly cause: TimerCause;
  /** Its command stands in the log. */
  readonly fired: boolean;
}

/** A timer that a state lists. */
export interface SetTimer extends Timer, TimerMark {}

export const NO_TIMERS: readonly SetTimer[] = [];

/** The same timer of the same key has the same id, whatever set it and however often: its command then is a repeat. */
const timerId = (processor: string, key: string, { atMs, record }: Timer): string =>
  uuidV5(KHIPU_NAMESPACE, `timer/${processor}/${key}/${atMs}/${record.type}/${JSON.stringify(record.data)}`);

/**
 * The timers of a key that now has `state`. One that was listed before keeps its cause and whether it has fired; one that
 * is listed no more is forgotten, fired or not. Throws when `due` does, or lists a command of another key or no time.
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
    if (cause === null) throw new UnknownTimerError(`nobody knows what set ${record.type} of key ${key}`);
    timers.set(id, { atMs, record, id, cause, fired: known?.fired ?? false });
  }
  return [...timers.values()];
}

/** The state lists a timer that its record knows nothing of: it was written before `due` listed it. */
export class UnknownTimerError extends Error {}

export const causeOf = ({ id, tenantId, correlationId, traceparent }: Meta): TimerCause => ({
  ...{ id, tenantId, correlationId, traceparent },
});

export const markOf = ({ id, cause, fired }: SetTimer): TimerMark => ({ id, cause, fired });

/** A timer's command on its way out. Its time is the one it was due at, however late it is appended. */
export function timerCommand(processor: Processor, key: string, { id, atMs, record, cause }: SetTimer): Emitted {
  return {
    topic: processor.timers?.topic.name ?? '',
    key,
    record,
    id,
    tenantId: cause.tenantId,
    correlationId: cause.correlationId,
    causationId: cause.id,
    timeMs: atMs,
    traceparent: childTraceparent(cause.traceparent, id),
    source: `khipu/${processor.name}`,
  };
}
