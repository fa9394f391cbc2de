/**
 * Returns the partitions of each member, co-partitioned as in Kafka Streams: partition n of every input goes to the same
 * member, so that all records of a key reach one task. Members are ordered by id, so every member computes the same result.
 */
export function assignCoPartitioned(
  members: readonly string[],
  partitionsByTopic: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const assignment = new Map([...members].sort().map((member) => [member, {} as Record<string, number[]>]));
  const owners = [...assignment.values()];
  for (const [topic, partitions] of partitionsByTopic) {
    for (const partition of [...partitions].sort((a, b) => a - b)) {
      const owner = owners[partition % owners.length];
      if (owner === undefined) continue;
      owner[topic] = [...(owner[topic] ?? []), partition];
    }
  }
  return assignment;
}
