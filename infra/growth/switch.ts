import type { Log, Transactor } from '../kafka/port.ts';
import { copiedTopics, endsOf } from './copy-all.ts';
import type { GrowthDependencies } from './dependencies.ts';
import { grownTopics } from './grown-topics.ts';
import type { Growing } from './state.ts';

/**
 * Deletes the originals, and sets every reader to the ends: it had read the originals, and copies bring nothing new. Safe
 * to repeat, as nothing else writes.
 */
export async function switchReaders(
  log: Log,
  transactor: Transactor,
  { ends, groups }: Growing,
  { admin, settleViews, onProgress }: GrowthDependencies,
): Promise<void> {
  await admin.deleteBefore(
    copiedTopics
      .flatMap((topic) => endsOf(ends, topic).map(([partition, offset]) => ({ topic: topic.name, partition, offset })))
      .filter(({ offset }) => offset > 0),
  );
  for (const [group, topics] of Object.entries(groups)) {
    if (topics.length === 0) continue;
    const offsets = (await log.watermarks(topics)).map(({ topic, partition, high }) => ({
      ...{ topic, partition, offset: high, metadata: '' },
    }));
    await transactor.commit({ records: [], group, offsets });
  }
  await settleViews(await log.watermarks(grownTopics.map(({ name }) => name)));
  onProgress(`${Object.keys(groups).length} consumer groups and the read models are at the ends of the new partitions`);
}
