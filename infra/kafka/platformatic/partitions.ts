import { partitionOfPlace } from '../../../streams/kernel/place.ts';
import { LogError } from '../errors.ts';
import type { OutgoingRecord } from '../port.ts';
import type { Cluster } from './cluster.ts';

/**
 * Returns murmur2 as in the Java client (org.apache.kafka.common.utils.Utils), positive. The client's own function uses
 * unbounded BigInt: its cost grows with the square of the key's length.
 */
export function murmur2(data: Buffer): number {
  const M = 0x5bd1e995;
  const blocks = data.length & ~3;
  let h = 0x9747b28c ^ data.length;
  for (let at = 0; at < blocks; at += 4) {
    let k = Math.imul(data.readInt32LE(at), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const left = data.length - blocks;
  if (left > 0) h = Math.imul(h ^ data.readUIntLE(blocks, left), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return (h ^ (h >>> 15)) & 0x7fffffff;
}

let keyless = 0;

/** Returns the partition of a record. Throws LogError `LOG_PROTOCOL` for a topic or partition that does not exist. */
export function choosePartition(cluster: Cluster, { topic, partition, key, placedBy }: OutgoingRecord): number {
  const count = cluster.partitionCount(topic);
  if (count === 0) throw new LogError('LOG_PROTOCOL', `topic ${topic} was not learned`);
  if (partition === null) {
    if (placedBy !== undefined) return partitionOfPlace(placedBy, count);
    if (key !== null) return murmur2(Buffer.from(key)) % count;
    keyless += 1;
    return keyless % count;
  }
  if (partition < 0 || partition >= count) throw new LogError('LOG_PROTOCOL', `${topic} has no partition ${partition}`);
  return partition;
}
