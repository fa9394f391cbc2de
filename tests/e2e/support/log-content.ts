import { digestOf } from '../../../infra/growth/copied-record.ts';
import { grownTopics } from '../../../infra/growth/grown-topics.ts';
import { readWhole } from '../../../infra/growth/read-whole.ts';
import { targetOf } from '../../../infra/growth/target.ts';
import type { Log, LogRecord } from '../../../infra/kafka/port.ts';

/** What the topics that grow contain. */
export interface Content {
  /** Digests of the records of each topic and key, in order. */
  readonly sequences: ReadonlyMap<string, readonly number[]>;
  /** The latest state of each topic and key. */
  readonly states: Readonly<Record<string, string>>;
  /** Records outside of the partition that their key, tenant or place chooses. */
  readonly misplaced: readonly string[];
  /** Ids that two records of a topic have. */
  readonly repeated: readonly string[];
  readonly deadLetters: number;
  /** Number of partitions of each topic. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Reads all of it. */
export async function contentOf(log: Log): Promise<Content> {
  const counts = await log.partitionCounts(grownTopics.map(({ name }) => name));
  const sequences = new Map<string, number[]>();
  const states = new Map<string, string>();
  const [misplaced, repeated, ids] = [[] as string[], [] as string[], new Set<string>()];
  let deadLetters = 0;
  for (const { name, rule, how } of grownTopics) {
    const partitions = counts.get(name) ?? 0;
    const held = new Map<string, string>();
    const take = (record: LogRecord): void => {
      const { partition, offset, key, value, headers } = record;
      const place = `${name}/${partition}/${offset}`;
      if (how === 'move') {
        if (value === null) held.delete(`${partition} ${key}`);
        else held.set(`${partition} ${key}`, value.toString());
        return;
      }
      if (how === 'letters') {
        deadLetters += 1;
        return;
      }
      if (targetOf({ rule }, record, { from: partitions, to: partitions }) !== partition) misplaced.push(place);
      const id = `${name} ${headers['ce_id']}`;
      if (ids.has(id)) repeated.push(id);
      ids.add(id);
      const sequence = sequences.get(`${name} ${key}`) ?? [];
      sequences.set(`${name} ${key}`, sequence);
      sequence.push(digestOf(record));
    };
    await readWhole(
      log,
      name,
      Array.from({ length: partitions }, (_, partition) => partition),
      take,
    );
    for (const [place, state] of held) {
      const key = `${name} ${place.slice(place.indexOf(' ') + 1)}`;
      if (states.has(key)) repeated.push(key);
      states.set(key, state);
    }
  }
  return { sequences, states: Object.fromEntries([...states].sort()), misplaced, repeated, deadLetters, counts };
}
