import { allTopics, deadLetterTopic, partitionsOf } from '../../../schemas/topics.ts';
import {
  checkLayout,
  firstLayout,
  LAYOUT_KEY,
  type Layout,
  LayoutError,
  layoutRecord,
  layoutTopic,
  readLayout,
  type WantedLayout,
} from '../../kafka/layout.ts';
import type { Log } from '../../kafka/port.ts';
import { retried } from '../../kit/retry.ts';
import { createTopics, NEW_TOPIC } from './topics.ts';

/**
 * Decides the layout at the first start, and creates the missing topics with it. Resolves with the names of the created
 * topics. Rejects with LayoutError, before anything is created, when the platform has another number of partitions, and
 * after it when a topic does.
 */
export async function setUpTopics(log: Log, wanted: WantedLayout): Promise<readonly string[]> {
  const known = await readLayout(log);
  if (known !== null) checkLayout(known, wanted);
  const layout = known ?? firstLayout(wanted);
  const created = await log.createTopics([layoutTopic]);
  const topics = await createTopics(log, layout.partitions);
  await expectPartitions(log, layout);
  if (known === null) await writeFirst(log, layout);
  return [...created, ...topics];
}

/** Rejects with PARTITIONS_MISMATCH when a topic was created or changed by other means, with other partitions. */
async function expectPartitions(log: Log, { partitions }: Layout): Promise<void> {
  const expected = new Map(
    allTopics.flatMap((topic) => {
      const names = topic.deadLetters ? [topic.name, deadLetterTopic(topic.name)] : [topic.name];
      return names.map((name) => [name, partitionsOf(topic, partitions)] as const);
    }),
  );
  const counts = await log.partitionCounts([...expected.keys()]);
  const others = [...expected].filter(([name, count]) => counts.get(name) !== count);
  if (others.length > 0)
    throw new LayoutError(
      'PARTITIONS_MISMATCH',
      others
        .map(([name, count]) => `topic ${name}: expected ${count} partitions, got ${counts.get(name) ?? 0}`)
        .join('; '),
    );
}

async function writeFirst(log: Log, layout: Layout): Promise<void> {
  const appender = await log.appender();
  try {
    await retried(() => appender.append([layoutRecord(LAYOUT_KEY, layout)]), NEW_TOPIC);
  } finally {
    await appender.close();
  }
}
