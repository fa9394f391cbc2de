import { describe, expect, it } from 'vitest';
import { numbered, openBench, outgoing, unique } from '../../../infra/kafka/contract/testing.ts';
import { openLog } from './open-log.ts';

describe('concurrent requests to the log', () => {
  const { log } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });

  it('are answered completely: a missing partition would be read from its beginning again', async () => {
    const topics = numbered(12).map(() => unique('questions'));
    await log().createTopics(topics.map((name) => ({ name, partitions: 3, config: {} })));
    const group = unique('group');
    const transactor = await log().transactor(unique('id'));
    await transactor.commit({
      records: [],
      group,
      offsets: topics.map((topic) => ({ topic, partition: 2, offset: 5, metadata: '' })),
    });
    await transactor.close();
    const pairs = topics.map((name, index) => [name, topics[(index + 5) % 12] ?? '']);
    // A log that knows none of the topics, as at the start of a process with many processors.
    const fresh = openLog();
    const [committed, marks] = await Promise.all([
      Promise.all(pairs.map((pair) => fresh.committed(group, pair))),
      Promise.all(pairs.map((pair) => fresh.watermarks(pair))),
      ...topics.map(async (name, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 30));
        const appender = await fresh.appender();
        await appender.append([outgoing(name, 'a', { partition: null })]);
        await appender.close();
      }),
    ]);
    await fresh.close();
    for (const [index, pair] of pairs.entries()) {
      expect(committed[index]).toHaveLength(6);
      expect(new Set(committed[index]?.map(({ topic }) => topic))).toEqual(new Set(pair));
      expect(committed[index]?.filter(({ offset }) => offset === 5)).toHaveLength(2);
      expect(marks[index]).toHaveLength(6);
    }
  });
});
