import { firstPlace } from '../../../infra/kafka/first-place.ts';
import { keyOf, topicOf } from '../../../schemas/topics.ts';
import type { Caller } from '../auth/caller.ts';
import type { Command } from '../log/command-appender.ts';

/**
 * Returns the place of a command for `tenantId`: that of the caller's session, else a new one, for the session or request
 * that begins with the command. Null in a topic that is not partitioned by place.
 */
export function placeOfCommand(command: Command, caller: Caller, tenantId: string, partitions: number): string | null {
  if (topicOf(command.type).partitionedBy !== 'place') return null;
  return caller.kind === 'session' ? caller.place : firstPlace(tenantId, keyOf(command), partitions);
}
