import type { FoundCommand, TracedCommand } from '../../../gateways/http/sessions/trace.ts';
import type { Log } from '../../kafka/port.ts';

/** The most recent offsets of a partition that are searched: some seconds of reading. */
const OFFSETS_MAX = 50_000;

/**
 * Finds the records of commands, which are in no read model, in the most recent 50,000 offsets of their partitions. A command
 * and its decision are in partitions of the same number, because both topics are partitioned by place.
 */
export async function findCommands(
  log: Log,
  commands: readonly TracedCommand[],
  topicOf: (type: string) => string,
): Promise<ReadonlyMap<string, FoundCommand>> {
  const found = new Map<string, FoundCommand>();
  const ids = new Set(commands.map(({ id }) => id));
  const marks = await log.watermarks(commands.map(({ type }) => topicOf(type)));
  const from = marks
    .filter((mark) => commands.some((each) => topicOf(each.type) === mark.topic && each.partition === mark.partition))
    .map(({ topic, partition, low, high }) => ({ topic, partition, offset: Math.max(low, high - OFFSETS_MAX) }));
  await log.readTo({
    from,
    onBatch: ({ records }) => {
      for (const { topic, partition, offset, timestampMs, headers } of records) {
        const id = headers['ce_id'] ?? '';
        if (ids.has(id) && !found.has(id)) found.set(id, { topic, partition, offset, timestampMs });
      }
    },
  });
  return found;
}
