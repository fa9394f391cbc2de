import { partitionOf } from '../../streams/kernel/partitioner.ts';
import { partitionOfPlace } from '../../streams/kernel/place.ts';
import { assertNever } from '../../streams/kernel.ts';
import { PLACE } from '../kafka/envelope.ts';
import type { LogRecord } from '../kafka/port.ts';
import type { GrownTopic } from './grown-topics.ts';

/** The two numbers of partitions of a growth. */
export interface Step {
  readonly from: number;
  readonly to: number;
}

/** Returns the partition that the writer of a record chose; null when the record does not say by what. */
function chosen({ rule }: Pick<GrownTopic, 'rule'>, { key, headers }: LogRecord, partitions: number): number | null {
  const { partitionedBy } = rule;
  const placed = (text: string | undefined): number | null =>
    text === undefined ? null : partitionOfPlace(text, partitions);
  switch (partitionedBy) {
    case 'key':
      return key === null ? null : partitionOf(key, partitions);
    case 'tenant':
      return placed(headers['ce_tenantid']);
    case 'place':
      return placed(headers[PLACE]);
    default:
      return assertNever(partitionedBy);
  }
}

/**
 * Returns the partition of a record after a growth. Both numbers are powers of two, so each new partition takes its records
 * from one old one, and their order is kept. A record that another program put into a partition that is not its own keeps
 * the number of that partition.
 */
export function targetOf(topic: Pick<GrownTopic, 'rule'>, record: LogRecord, { from, to }: Step): number {
  if (chosen(topic, record, from) !== record.partition) return record.partition;
  return chosen(topic, record, to) ?? record.partition;
}

/** Returns the new partitions that take records of an old one, itself first. */
export const targetsFrom = (source: number, { from, to }: Step): readonly number[] =>
  Array.from({ length: to / from }, (_, n) => source + n * from);
