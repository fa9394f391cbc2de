import { expect, it } from 'vitest';
import { deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { readWhole } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { makeDeadLetter } from './dead-letter.ts';

const { name: topic } = topics.sessionsCommands;

it('a drill without a processor fails, and its record is in the topic, with a key of its own', async () => {
  const log = new MemoryLog();
  await log.createTopics([topic, deadLetterTopic(topic)].map((name) => ({ name, partitions: 1, config: {} })));
  await expect(makeDeadLetter(log, 300)).rejects.toMatchObject({ code: 'DRILL_FAILED' });
  expect(await readWhole(log, topic)).toMatchObject([{ key: expect.stringMatching(/^drill-[\da-f-]{36}$/) }]);
});
