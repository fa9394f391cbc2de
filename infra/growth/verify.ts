import type { Log, LogRecord } from '../kafka/port.ts';
import { copierOf, digestOf } from './copied-record.ts';
import { GrowthError } from './errors.ts';
import type { GrownTopic } from './grown-topics.ts';
import { readWhole } from './read-whole.ts';
import { type Step, targetsFrom } from './target.ts';

/** An old partition, with the first and the last offset that it had when copying began. */
export interface Copied {
  readonly partition: number;
  readonly low: number;
  readonly end: number;
}

/**
 * Compares the copies of one old partition with their originals: every new partition must hold exactly the copies of its
 * records, in their order. Retention may have deleted the oldest originals or copies since; then the rest counts. Holds eight
 * bytes a record of the partition. Rejects with GROWTH_UNEQUAL; nothing has been deleted by then.
 */
export async function verifyPartition(
  log: Log,
  topic: GrownTopic,
  { partition: source, low, end }: Copied,
  step: Step,
): Promise<void> {
  const copyOf = copierOf(topic, step);
  const targets = targetsFrom(source, step);
  const expected = new Map<number, number[]>(targets.map((target) => [target, []]));
  const found = new Map<number, number[]>(targets.map((target) => [target, []]));
  const take = (record: LogRecord): void => {
    if (record.partition !== source || record.offset >= end) found.get(record.partition)?.push(digestOf(record));
    else {
      const copy = copyOf(record);
      expected.get(copy.partition)?.push(digestOf(copy));
    }
  };
  await readWhole(log, topic.name, targets, take);
  const marks = await log.watermarks([topic.name]);
  const originalsGone = marks.some((mark) => mark.partition === source && mark.low > low);
  for (const target of targets) {
    const [originals, copies] = [expected.get(target) ?? [], found.get(target) ?? []];
    const complete =
      copies.length === originals.length || (copies.length < originals.length ? topic.retained : originalsGone);
    if (!complete || !endAlike(originals, copies))
      throw unequal(`${topic.name}/${target}`, originals.length, copies.length);
  }
}

/** Returns whether the last digests are equal, as many as both have. */
const endAlike = (some: readonly number[], others: readonly number[]): boolean =>
  Array.from({ length: Math.min(some.length, others.length) }, (_, n) => some.at(-1 - n) === others.at(-1 - n)).every(
    Boolean,
  );

const unequal = (place: string, originals: number, copies: number): GrowthError =>
  new GrowthError(
    'GROWTH_UNEQUAL',
    `${place} has ${copies} records instead of ${originals} copies, or others than these: a process outside of the ` +
      'consumer groups, such as a gateway, wrote during the growth. Nothing was deleted',
  );
