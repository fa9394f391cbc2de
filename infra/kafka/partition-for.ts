import { partitionOf } from '../../streams/kernel/partitioner.ts';
import { partitionOfPlace } from '../../streams/kernel/place.ts';
import type { OutgoingRecord } from './port.ts';

/** Returns the partition, of `partitions`, that a driver chooses for a record whose `partition` is null. */
export const partitionFor = ({ placedBy, key }: OutgoingRecord, partitions: number): number =>
  placedBy === undefined ? partitionOf(key ?? '', partitions) : partitionOfPlace(placedBy, partitions);
