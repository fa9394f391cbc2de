import kafkajs, { type MemberDescription } from 'kafkajs';
import { decodeStart, partitionsIn } from '../member-start.ts';
import type { GroupMember } from '../port.ts';

// Node detects no named exports after the first computed one of a CommonJS module.
const { AssignerProtocol } = kafkajs;

/** Returns a member of a group as the coordinator describes it. Its protocol data is empty while the group rebalances. */
export const memberOf = (described: MemberDescription): GroupMember => {
  const { memberId, clientId, clientHost, memberMetadata, memberAssignment } = described;
  const subscribed = memberMetadata.length === 0 ? null : AssignerProtocol.MemberMetadata.decode(memberMetadata);
  const assigned = memberAssignment.length === 0 ? null : AssignerProtocol.MemberAssignment.decode(memberAssignment);
  return {
    ...{ memberId, clientId, host: clientHost.replace(/^\//, '') },
    ...decodeStart(subscribed?.userData),
    partitions: partitionsIn(Object.values(assigned?.assignment ?? {})),
  };
};
