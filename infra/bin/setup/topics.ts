import { allTopics, deadLetterTopic, PARTITIONS_DEFAULT, partitionsOf, type Topic } from '../../../schemas/topics.ts';
import type { Log, TopicConfig } from '../../kafka/port.ts';
import { codeOf } from '../../kit/errors.ts';
import type { Retry } from '../../kit/retry.ts';

/** Compaction settings: a state or table stays readable within minutes of its last write, with small segments. */
const COMPACTION = { 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.2', 'segment.ms': '3600000' };

const toConfig = (topic: Topic, partitions: number): TopicConfig => ({
  name: topic.name,
  partitions: partitionsOf(topic, partitions),
  config:
    topic.cleanup === 'compact'
      ? COMPACTION
      : { 'cleanup.policy': 'delete', 'retention.ms': String(topic.retentionMs) },
});

/** Bytes of a dead letter: a record of another client at the broker's default limit, and our headers. */
const DEAD_LETTER_BYTES_MAX = 2 * 1024 * 1024;

/** Dead letters have no retention limit: none is lost before an operator settles it. */
const deadLettersOf = (topic: Topic, partitions: number): TopicConfig[] =>
  topic.deadLetters
    ? [
        {
          name: deadLetterTopic(topic.name),
          partitions: partitionsOf(topic, partitions),
          config: {
            'cleanup.policy': 'delete',
            'retention.ms': '-1',
            'max.message.bytes': String(DEAD_LETTER_BYTES_MAX),
          },
        },
      ]
    : [];

/** Creates the missing topics of the catalogue, with the partitions of the platform. Resolves with their names. */
export const createTopics = (log: Log, partitions: number = PARTITIONS_DEFAULT): Promise<readonly string[]> =>
  log.createTopics(allTopics.flatMap((topic) => [toConfig(topic, partitions), ...deadLettersOf(topic, partitions)]));

/** For a read or a write of a topic that was created a moment ago: its leader may not have heard of it yet. */
export const NEW_TOPIC: Retry = {
  ...{ attemptsMax: 10, pauseMs: 1_000 },
  passes: (error) => codeOf(error) === 'LOG_UNAVAILABLE',
};
