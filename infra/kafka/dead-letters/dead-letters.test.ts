import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { MemoryLog } from '../memory/log.ts';
import { deadLetter } from '../runner/dead-letter.ts';
import { ask, command, localDecoder } from '../runner/testing.ts';
import { redriven } from './letter.ts';
import { listDeadLetters } from './select.ts';

const names = { name: 'n', input: topics.inferenceCommands, state: topics.sessionsState };
const source = topics.inferenceCommands.name;

async function open() {
  const log = new MemoryLog();
  await log.createTopics(
    allTopics.flatMap(({ name }) => [name, deadLetterTopic(name)]).map((name) => ({ name, partitions: 4, config: {} })),
  );
  const appender = await log.appender();
  const die = async (key: string, error: Error): Promise<void> => {
    const [position] = await appender.append([command(names, localDecoder(), ask(key, 'prompt'), key)]);
    const { partition = 0, offset = 0 } = position ?? {};
    const [record] = log.fetch(source, partition, offset, offset + 1).records;
    if (record !== undefined) await appender.append([deadLetter(record, 'n', error, 2)]);
  };
  return { log, die };
}

describe('dead letters', () => {
  it('are listed with what happened and where, by topic, code and key', async () => {
    const { log, die } = await open();
    await die('a', Object.assign(new Error('first'), { code: 'ONE' }));
    await die('b', new Error('second'));
    const [one] = await listDeadLetters(log, { code: 'ONE' });
    expect(one).toMatchObject({
      key: 'a',
      code: 'ONE',
      message: 'first',
      processor: 'n',
      attempt: 2,
      from: { topic: source },
    });
    expect(await listDeadLetters(log, { key: 'b' })).toMatchObject([{ code: 'UNEXPECTED' }]);
    expect(await listDeadLetters(log, { topic: source })).toHaveLength(2);
    expect(await listDeadLetters(log, { topic: topics.slmRequests.name })).toEqual([]);
    expect(await listDeadLetters(log, {})).toHaveLength(2);
  });

  it('are redriven as they were, to where they came from, under an id that is the same each time', async () => {
    const { log, die } = await open();
    await die('a', new Error('x'));
    const [letter] = await listDeadLetters(log, {});
    if (letter === undefined) throw new Error('no letter');
    const again = redriven(letter, 'me');
    const [original] = log.fetch(source, letter.partition, letter.from.offset).records;
    expect(again).toMatchObject({ topic: source, partition: original?.partition, key: 'a', value: original?.value });
    expect(again.headers['ce_redriveof']).toBe(original?.headers['ce_id']);
    expect(again.headers['ce_id']).not.toBe(original?.headers['ce_id']);
    expect(redriven(letter, 'me')).toEqual(again);
    expect(Object.keys(again.headers).filter((name) => name.startsWith('khipu_dlq'))).toEqual([]);
  });

  it('bound the stack they carry', () => {
    const record = { ...command(names, localDecoder(), ask('a', ''), 'a'), partition: 0, offset: 0, timestampMs: 0 };
    const error = new Error('x');
    error.stack = 'y'.repeat(10_000);
    expect(deadLetter(record, 'n', error, 1).headers['khipu_dlq_stack']).toHaveLength(4_000);
    expect(deadLetter(record, 'n', 'thrown text', 1).headers).toMatchObject({
      khipu_dlq_stack: '',
      khipu_dlq_message: 'thrown text',
    });
  });
});
