import { RecordCodec } from '../../schemas/codec.ts';
import { fullNames, type RecordName } from '../../schemas/generated/records.ts';

export const recordNames = Object.keys(fullNames) as readonly RecordName[];

/** Creates a codec for use without a registry: every schema has a made-up id, the same in each run. */
export const createLocalCodec = (): RecordCodec =>
  new RecordCodec(new Map(recordNames.map((name, index) => [name, index + 1])));
