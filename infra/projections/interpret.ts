import type { ProjectedMeta } from '../../projections/kernel.ts';
import { UndecodableError, UnknownSchemaError } from '../../schemas/codec.ts';
import type { AnyRecord } from '../../streams/kernel.ts';
import type { RecordDecoder } from '../kafka/decode.ts';
import { EnvelopeError } from '../kafka/envelope.ts';
import type { LogRecord } from '../kafka/log.ts';
import type { Item } from './sink.ts';

/** A record that the read model cannot take, and why. */
export interface Refused {
  readonly record: LogRecord;
  readonly error: unknown;
}

type Apply<Change> = (record: AnyRecord, meta: ProjectedMeta) => readonly Change[];

/** `apply` threw: a bug of ours, or a record that no reader expects. */
export class ApplyError extends Error {
  readonly code = 'PROJECTION_APPLY_FAILED';
}

const isFinal = (error: unknown): boolean => error instanceof EnvelopeError || error instanceof UndecodableError;

/**
 * Decodes a record and asks the projection what it means. A record that will never decode is refused; null when its
 * schema is new here (`interpretNewSchema`).
 */
export function interpret<Change>(
  record: LogRecord,
  decoder: RecordDecoder,
  apply: Apply<Change>,
): Item<Change> | Refused | null {
  try {
    return itemOf(record, decoder.decodeSync(record), apply);
  } catch (error) {
    if (error instanceof UnknownSchemaError) return null;
    if (isFinal(error)) return { record, error };
    throw error;
  }
}

/** The same, asking the registry. Rejects when the registry is away, which passes. */
export async function interpretNewSchema<Change>(
  record: LogRecord,
  decoder: RecordDecoder,
  apply: Apply<Change>,
): Promise<Item<Change> | Refused> {
  try {
    return itemOf(record, await decoder.decode(record), apply);
  } catch (error) {
    if (isFinal(error)) return { record, error };
    throw error;
  }
}

function itemOf<Change>(
  record: LogRecord,
  decoded: ReturnType<RecordDecoder['decodeSync']>,
  apply: Apply<Change>,
): Item<Change> | Refused {
  const meta: ProjectedMeta = { ...decoded.meta, headers: record.headers, appendedAtMs: record.timestampMs };
  try {
    return { record, changes: apply(decoded.record, meta) };
  } catch (cause) {
    return { record, error: new ApplyError(cause instanceof Error ? cause.message : String(cause), { cause }) };
  }
}
