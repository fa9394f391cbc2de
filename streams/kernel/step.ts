import { childTraceparent, derivedId, spanOf } from '../../schemas/ids.ts';
import { chainIn, keyOf, placeIn, topicOf } from '../../schemas/topics.ts';
import { type AnyRecord, journalOf, type Meta, type Processor } from '../kernel.ts';

/** An output record with its envelope. */
export interface Emitted {
  readonly topic: string;
  readonly key: string;
  readonly record: AnyRecord;
  readonly id: string;
  readonly tenantId: string;
  /** `khipu_place`: that of the cause, or the one that the record names (`Topic.placeField`). */
  readonly place: string | null;
  readonly correlationId: string;
  readonly causationId: string;
  readonly timeMs: number;
  readonly traceparent: string;
  /** Span id of the record that it continues, where that is not its cause (`Topic.chainField`). */
  readonly parentSpan?: string;
  readonly requestDigest?: string;
  /** `ce_simulation`: that of the cause, or of the state of the writer. */
  readonly simulation?: string;
  /** `ce_source`: name of the writer. */
  readonly source: string;
}

/** The part of an envelope that all records of one chain share. */
type Chain = Pick<Meta, 'correlationId' | 'traceparent' | 'timeMs' | 'requestDigest'>;

/** Returns the chain that a record continues: that of its cause, or the one that it names (`Topic.chainField`). */
function chainOf(record: AnyRecord, cause: Meta): Chain & { readonly parentSpan?: string | undefined } {
  const named = chainIn(record);
  if (named === null) return cause;
  const { correlationId, traceparent, time, requestDigest } = named;
  const parentSpan = spanOf(traceparent);
  return { correlationId, traceparent, timeMs: time, parentSpan, ...(requestDigest !== null && { requestDigest }) };
}

/** Returns the envelope of the record at `position` among those that `author` emits because of `cause`. */
export function emittedBy(
  author: string,
  cause: Meta,
  record: AnyRecord,
  position: number | string,
  workedAtMs?: number,
): Emitted {
  const id = derivedId(cause.id, author, position);
  const { correlationId, traceparent, timeMs, requestDigest, parentSpan } = chainOf(record, cause);
  return {
    topic: topicOf(record.type).name,
    key: keyOf(record),
    record,
    id,
    tenantId: cause.tenantId,
    place: placeIn(record) ?? cause.place,
    correlationId,
    causationId: cause.id,
    timeMs: workedAtMs ?? timeMs,
    traceparent: childTraceparent(traceparent, id),
    ...(parentSpan !== undefined && { parentSpan }),
    ...(requestDigest !== undefined && { requestDigest }),
    ...(cause.simulation !== undefined && { simulation: cause.simulation }),
    source: `khipu/${author}`,
  };
}

export interface Step {
  readonly emitted: readonly Emitted[];
  readonly state: unknown;
}

/**
 * Runs one record through one processor: decides, then folds the outputs. Pure. Throws when `decide` throws, or when it
 * returns a record of an undeclared topic: both are bugs, and the caller dead-letters the record.
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
    const before = next;
    if (envelope.topic === journal) next = processor.evolve(next, out);
    const simulation = processor.simulation(next) ?? processor.simulation(before);
    return simulation === null ? envelope : { ...envelope, simulation };
  });
  return { emitted, state: next };
}
