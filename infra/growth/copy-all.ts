import type { Log, Transactor } from '../kafka/port.ts';
import { copyPartition } from './copy.ts';
import type { GrowthDependencies } from './dependencies.ts';
import { type GrownTopic, grownTopics } from './grown-topics.ts';
import { moveStates } from './move-state.ts';
import { type Growing, progressKey, readGrowth } from './state.ts';
import type { Step } from './target.ts';
import { verifyPartition } from './verify.ts';

/**
 * Copies or moves what lies in the old partitions of every topic. Continues behind what is copied already: `copier` has
 * fenced an earlier tool, so that its progress is final.
 */
export async function copyAll(
  log: Log,
  copier: Transactor,
  { ends }: Growing,
  step: Step,
  { journals, onProgress }: GrowthDependencies,
): Promise<void> {
  const copied = (await readGrowth(log))?.copied ?? new Map<string, number>();
  const copyOne = async (topic: GrownTopic, partition: number, low: number, end: number): Promise<number> => {
    const next = copied.get(progressKey(topic.name, partition)) ?? low;
    if (topic.how !== 'move') return copyPartition(log, copier, topic, { partition, low, next, end }, step);
    const events = journals.get(topic.name);
    const journal = events === undefined ? null : { topic: events, ends: ends[events.name] ?? [] };
    return moveStates(log, copier, topic, partition, journal, step);
  };
  for (const topic of grownTopics) {
    const lows = new Map((await log.watermarks([topic.name])).map(({ partition, low }) => [partition, low]));
    let count = 0;
    for (const [partition, end] of endsOf(ends, topic))
      count += await copyOne(topic, partition, lows.get(partition) ?? 0, end);
    if (count > 0) onProgress(`${topic.name}: ${count} ${topic.how === 'move' ? 'states moved' : 'records copied'}`);
  }
}

/** Compares every copy with its original: see `verifyPartition`. */
export async function verifyAll(
  log: Log,
  { ends, lows }: Growing,
  step: Step,
  { onProgress }: GrowthDependencies,
): Promise<void> {
  for (const topic of copiedTopics)
    for (const [partition, end] of endsOf(ends, topic)) {
      const low = lows[topic.name]?.[partition] ?? 0;
      await verifyPartition(log, topic, { partition, low, end }, step);
    }
  onProgress('every copy equals its original, in the order of its partition');
}

/** The topics whose records are copied, so that the layout begins behind the originals. */
export const copiedTopics: readonly GrownTopic[] = grownTopics.filter(({ how }) => how !== 'move');

/** Returns the old partitions of a topic with their ends. */
export const endsOf = (ends: Growing['ends'], { name }: GrownTopic): readonly (readonly [number, number])[] => [
  ...(ends[name] ?? []).entries(),
];
