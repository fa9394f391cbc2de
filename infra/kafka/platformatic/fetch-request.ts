import { createAPI, fetchV12, type Reader, ResponseError } from '@platformatic/kafka';
import { type ReadBatch, readBatches } from './batch-reader.ts';

/** One partition of a fetch answer. */
export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly lastStableOffset: number;
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: number }[];
  readonly batches: readonly ReadBatch[];
}

/** One topic of a fetch answer. */
export interface FetchedTopic {
  readonly topic: string;
  readonly partitions: readonly FetchedPartition[];
}

/** The answer to a fetch. */
export interface FetchAnswer {
  readonly errorCode: number;
  readonly topics: readonly FetchedTopic[];
}

const FETCH = 1;
const VERSION = 12;

/** Fetch, version 12, as the client requests it; records stay undecoded bytes until they are used. */
export const fetch = createAPI<Parameters<typeof fetchV12.createRequest>, FetchAnswer>(
  FETCH,
  VERSION,
  fetchV12.createRequest,
  (_correlationId: number, _key: number, _version: number, reader: Reader): FetchAnswer => {
    reader.readInt32(); // throttle time, ms
    const errorCode = reader.readInt16();
    reader.readInt32(); // session
    const topics = reader.readArray((r) => ({
      topic: r.readString(),
      partitions: r.readArray(readPartition, true, false),
    }));
    skipTaggedFields(reader);
    const answer = { errorCode, topics };
    const errors = errorsIn(answer);
    if (Object.keys(errors).length > 0) throw new ResponseError(FETCH, VERSION, errors, answer);
    return answer;
  },
);

function readPartition(reader: Reader): FetchedPartition {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  reader.readInt64(); // high watermark: includes uncommitted records
  const lastStableOffset = Number(reader.readInt64());
  reader.readInt64(); // log start
  const aborted = reader.readNullableArray((r) => ({ producerId: r.readInt64(), firstOffset: Number(r.readInt64()) }));
  reader.readInt32(); // preferred replica
  const size = reader.readUnsignedVarInt() - 1;
  const batches = size > 0 ? readBatches(reader.buffer.slice(reader.position, reader.position + size)) : [];
  if (size > 0) reader.skip(size);
  skipTaggedFields(reader);
  return { partition, errorCode, lastStableOffset, aborted: aborted ?? [], batches };
}

/** Returns errors by their path in the answer, as the client's errors name them. */
function errorsIn({ errorCode, topics }: FetchAnswer): Record<string, [number, null]> {
  const errors: Record<string, [number, null]> = {};
  if (errorCode !== 0) errors['/'] = [errorCode, null];
  for (const { topic, partitions } of topics)
    for (const { partition, errorCode: code } of partitions)
      if (code !== 0) errors[`/${topic}/${partition}`] = [code, null];
  return errors;
}

/**
 * Skips KIP-482 fields. They may carry a diverging epoch, a new leader or a snapshot; a metadata request returns these
 * as well.
 */
function skipTaggedFields(reader: Reader): void {
  for (let count = reader.readUnsignedVarInt(); count > 0; count -= 1) {
    reader.readUnsignedVarInt();
    reader.skip(reader.readUnsignedVarInt());
  }
}
