import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { assignCoPartitioned } from '../co-partitioning.ts';
import { encodeStart, type MemberStart } from '../member-start.ts';

/** kafkajs's interface of `assignCoPartitioned`, for a member that says when it started. */
export const coPartitionedAssigner =
  (start: MemberStart): PartitionAssigner =>
  ({ cluster }) => ({
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
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: encodeStart(start) }),
    }),
  });
