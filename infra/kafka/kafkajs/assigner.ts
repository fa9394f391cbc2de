import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';

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

export const coPartitionedAssigner: PartitionAssigner = ({ cluster }) => ({
  name: 'KhipuCoPartitionedAssigner',
  version: 1,
  assign: async ({ members, topics }) => {
    const partitions = new Map(
      topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
    );
    const assignment = assignCoPartitioned(
      members.map(({ memberId }) => memberId),
      partitions,
    );
    return [...assignment].map(([memberId, byTopic]) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: byTopic,
        userData: Buffer.alloc(0),
      }),
    }));
  },
  protocol: ({ topics }) => ({
    name: 'KhipuCoPartitionedAssigner',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
});
