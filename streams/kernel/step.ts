import { keyOf, topicOf } from '../../schemas/topics.ts';
import { type AnyRecord, journalOf, type Meta, type Processor } from '../kernel.ts';
import { childTraceparent, derivedId } from './ids.ts';

/** A record on its way out, with the envelope it will carry. */
export interface Emitted {
  readonly topic: string;
  readonly key: string;
  readonly record: AnyRecord;
  readonly id: string;
  readonly tenantId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly timeMs: number;
  readonly traceparent: string;
  /** `ce_source`: who wrote it. */
  readonly source: string;
}

/** Envelope of the record at `position` among those that `author` emits because of `cause`. */
export function emittedBy(
  author: string,
  cause: Meta,
  record: AnyRecord,
  position: number | string,
  timeMs = cause.timeMs,
): Emitted {
  const id = derivedId(cause.id, author, position);
  return {
    topic: topicOf(record.type).name,
    key: keyOf(record),
    record,
    id,
    tenantId: cause.tenantId,
    correlationId: cause.correlationId,
    causationId: cause.id,
    timeMs,
    traceparent: childTraceparent(cause.traceparent, id),
    source: `khipu/${author}`,
  };
}

export interface Step {
  readonly emitted: readonly Emitted[];
  readonly state: unknown;
}

/**
 * One record through one processor: decide, then fold what came out. Pure. Throws when `decide` does, or when it put out
 * a record of a topic that the processor did not declare: both are bugs, and the caller dead-letters the record.
 */
export function step(
  processor: Processor,
  state: unknown,
  record: AnyRecord,
  meta: Meta,
  tables: Readonly<Record<string, unknown>>,
): Step {
  const records = processor.decide(state, record, meta, tables);
  const journal = journalOf(processor)?.name;
  let next = state;
  const emitted = records.map((out, position) => {
    const envelope = emittedBy(processor.name, meta, out, position);
    if (!processor.outputs.some(({ name }) => name === envelope.topic))
      throw new Error(`${processor.name} may not write ${out.type} to ${envelope.topic}`);
    if (envelope.topic === journal) next = processor.evolve(next, out);
    return envelope;
  });
  return { emitted, state: next };
}
