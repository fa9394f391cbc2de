import { allTopics, deadLetterTopic, type Topic } from '../../schemas/topics.ts';
import type { Log, TopicConfig } from '../kafka/log.ts';

/** Compaction leaves a state or table readable within minutes of its last write; its segments are small. */
const COMPACTION = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.2', 'segment.ms': '3600000' };

const toConfig = (topic: Topic): TopicConfig => ({
  name: topic.name,
  partitions: topic.partitions,
  config:
    topic.cleanup === 'compact'
      ? COMPACTION
      : { 'cleanup.policy': 'delete', 'retention.ms': String(topic.retentionMs) },
});

/** Room for a foreign record of the broker's default limit, and our headers beside it. */
const DEAD_LETTER_BYTES_MAX = 2 * 1024 * 1024;

/** Dead letters are kept until somebody drops them: nothing is lost. */
const deadLettersOf = (topic: Topic): TopicConfig[] =>
  topic.deadLetters
    ? [
        {
          name: deadLetterTopic(topic.name),
          partitions: topic.partitions,
          config: {
            'cleanup.policy': 'delete',
            'retention.ms': '-1',
            'max.message.bytes': String(DEAD_LETTER_BYTES_MAX),
          },
        },
      ]
    : [];

/** Creates the topics of the catalogue that are missing. Resolves with their names. */
export const createTopics = (log: Log): Promise<readonly string[]> =>
  log.createTopics(allTopics.flatMap((topic) => [toConfig(topic), ...deadLettersOf(topic)]));
