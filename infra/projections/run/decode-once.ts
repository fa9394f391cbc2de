import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Decoded } from '../../kafka/envelope.ts';
import type { LogRecord } from '../../kafka/port.ts';

/** The part of a RecordDecoder that views use. */
export type Decoder = Pick<RecordDecoder, 'decode' | 'decodeSync'>;

/** Returns a decoder that decodes each record once, for all views that read it. Keyed by the object, not by its place. */
export function decodeOnce(decoder: Decoder): Decoder {
  const known = new WeakMap<LogRecord, Decoded>();
  const keep = (record: LogRecord, decoded: Decoded): Decoded => {
    known.set(record, decoded);
    return decoded;
  };
  return {
    decodeSync: (record) => known.get(record) ?? keep(record, decoder.decodeSync(record)),
    decode: async (record) => known.get(record) ?? keep(record, await decoder.decode(record)),
  };
}
