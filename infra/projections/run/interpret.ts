import type { ProjectedMeta } from '../../../projections/kernel.ts';
import { UndecodableError, UnknownSchemaError } from '../../../schemas/codec.ts';
import type { AnyRecord } from '../../../streams/kernel.ts';
import { EnvelopeError } from '../../kafka/envelope.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { messageOf } from '../../kit/errors.ts';
import type { Item } from '../sinks/sink.ts';
import type { Decoder } from './decode-once.ts';

/** A rejected record, with the cause. */
export interface Refused {
  readonly record: LogRecord;
  readonly error: unknown;
}

type Apply<Change> = (record: AnyRecord, meta: ProjectedMeta) => readonly Change[];

/** Thrown when `apply` threw: a bug in this project, or a record that no reader expects. */
export class ApplyError extends Error {
  readonly code = 'PROJECTION_APPLY_FAILED';
}

const isFinal = (error: unknown): boolean => error instanceof EnvelopeError || error instanceof UndecodableError;

/**
 * Decodes a record and asks the projection for its changes. A record that can never decode is rejected; null when its
 * schema is not known yet (`interpretNewSchema`).
 */
export function interpret<Change>(
  record: LogRecord,
  decoder: Decoder,
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

/** Interprets a record, and looks up an unknown schema. Rejects when the registry is unavailable, which is transient. */
export async function interpretNewSchema<Change>(
  record: LogRecord,
  decoder: Decoder,
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
  decoded: ReturnType<Decoder['decodeSync']>,
  apply: Apply<Change>,
): Item<Change> | Refused {
  const meta: ProjectedMeta = { ...decoded.meta, headers: record.headers, appendedAtMs: record.timestampMs };
  try {
    return { record, changes: apply(decoded.record, meta) };
  } catch (cause) {
    return { record, error: new ApplyError(messageOf(cause), { cause }) };
  }
}
