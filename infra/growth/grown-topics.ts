import { allTopics, deadLetterTopic, type Topic } from '../../schemas/topics.ts';

/** A topic that grows. */
export interface GrownTopic {
  readonly name: string;
  /** The topic of the catalogue whose rule places the records: itself, or the origin of its dead letters. */
  readonly rule: Topic;
  /**
   * `copy`: all records are copied behind those that exist, which are then deleted. `move`: a compacted topic, of which
   * Kafka deletes no records; the latest value of each key is written in its new place and removed from its old one.
   * `letters`: copied, and named after their new place.
   */
  readonly how: 'copy' | 'move' | 'letters';
  /** Whether retention deletes records of it. */
  readonly retained: boolean;
}

/** Every topic with the partitions of the platform. The others have one and stay as they are. */
export const grownTopics: readonly GrownTopic[] = allTopics
  .filter(({ spread }) => spread === 'partitioned')
  .flatMap((rule): readonly GrownTopic[] => {
    const { name, cleanup, deadLetters, retentionMs } = rule;
    const own: GrownTopic = { name, rule, how: cleanup === 'compact' ? 'move' : 'copy', retained: retentionMs >= 0 };
    if (!deadLetters) return [own];
    return [own, { name: deadLetterTopic(name), rule, how: 'letters', retained: false }];
  });
