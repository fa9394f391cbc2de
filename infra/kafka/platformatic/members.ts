import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  describeGroupsV5,
} from '@platformatic/kafka';
import { decodeStart, partitionsIn } from '../member-start.ts';
import type { GroupMember } from '../port.ts';
import type { Cluster } from './cluster.ts';

const LANE = 'members';

/** Returns the members of a group as its coordinator describes them. Their protocol data is empty during a rebalance. */
export async function readMembers(cluster: Cluster, group: string): Promise<GroupMember[]> {
  const { groups } = await cluster.withCoordinator('GROUP', group, (node) =>
    cluster.call(node, LANE, describeGroupsV5.api, [group], false),
  );
  return groups
    .flatMap(({ members }) => members)
    .map(({ memberId, clientId, clientHost, memberMetadata, memberAssignment }) => ({
      ...{ memberId, clientId, host: clientHost.replace(/^\//, '') },
      ...decodeStart(memberMetadata.length === 0 ? null : decodeConsumerProtocolSubscription(memberMetadata).userData),
      partitions: partitionsIn(
        decodeConsumerProtocolAssignment(memberAssignment).assignedPartitions.map(({ partitions }) => partitions),
      ),
    }));
}
