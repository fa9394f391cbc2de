/**
 * Co-partitioned assignment, as Kafka Streams does it: partition n of every input goes to the same member, so that a key's
 * records of all inputs meet one task. Members are ordered by id: every member computes the same.
 */
export function assignCoPartitioned(
  members: readonly string[],
  partitionsByTopic: ReadonlyMap<string, readonly number[]>,
): Map<string, Record<string, number[]>> {
  const ordered = [...members].sort();
  const assignment = new Map(ordered.map((member) => [member, {} as Record<string, number[]>]));
  for (const [topic, partitions] of partitionsByTopic) {
    for (const partition of [...partitions].sort((a, b) => a - b)) {
      const owner = assignment.get(ordered[partition % ordered.length] ?? '');
      if (owner === undefined) continue;
      owner[topic] = [...(owner[topic] ?? []), partition];
    }
  }
  return assignment;
}
