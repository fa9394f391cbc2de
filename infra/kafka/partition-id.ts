/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Returns `<topic>/<partition>`: the key of a partition in maps, and in the offsets that a Redis view keeps. */
export const partitionId = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
