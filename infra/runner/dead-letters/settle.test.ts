import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { UNKNOWN_OFFSET } from '../../../streams/kernel.ts';
import type { DeadLetterFilter } from './select.ts';
import { settle, toSettle, transactionalIdOf, type Verb } from './settle.ts';
import { type Buried, buried, ID, type Letters, openLetters, openReader, READER, recordOf, WORK } from './testing.ts';

const toolOf =
  ({ log, clock }: Letters) =>
  async (verb: Verb, filter: DeadLetterFilter = { topic: WORK }) => {
    const { done, parked } = await settle({ log, verb, filter, by: 'me@here', waitMs: 1_000, clock });
    expect(parked).toEqual([]);
    return done.map(({ key, from }) => `${key} ${from.offset}`);
  };

/** Writes dead letters of a reader that does not park keys, for originals with these keys. */
async function open(...keys: readonly string[]) {
  const letters = await openLetters();
  const bury = (key: string, offset: number, how: Buried = {}, value = Buffer.from(key)) =>
    letters.append(buried(recordOf({ partition: 0, key, offset, value }), how));
  for (const [offset, key] of keys.entries()) await bury(key, offset);
  const redrivenIn = (topic = WORK) => letters.log.fetch(topic, 0, 0).records;
  return { ...letters, bury, act: toolOf(letters), redriven: redrivenIn };
}

describe('redriving', () => {
  it('appends each original to its topic again and notes the dead letter, in one transaction', async () => {
    const { act, redriven, list, transactions } = await open('a', 'b');
    expect(await act('redrive')).toEqual(['a 0', 'b 1']);
    expect(redriven().map(({ key, value }) => [key, String(value)])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(redriven().map(({ headers }) => headers['khipu_redrive_by'])).toEqual(['me@here', 'me@here']);
    expect(await list()).toEqual([]);
    expect((await list(true)).map(({ note }) => note)).toMatchObject([
      { outcome: 'redriven', by: 'me@here' },
      { outcome: 'redriven', by: 'me@here' },
    ]);
    expect(transactions.at(-1)?.records.map(({ topic }) => topic)).toEqual([
      ...[WORK, deadLetterTopic(WORK), WORK, deadLetterTopic(WORK)],
    ]);
  });

  it('happens once, however often it is requested', async () => {
    const { act, redriven, transactions } = await open('a');
    await act('redrive');
    const before = transactions.length;
    expect(await act('redrive')).toEqual([]);
    expect(redriven()).toHaveLength(1);
    expect(transactions).toHaveLength(before);
  });

  it('applies to selected dead letters that are open', async () => {
    const { act, list } = await open('a', 'b', 'c');
    expect(await act('drop', { topic: WORK, key: 'a' })).toEqual(['a 0']);
    expect(await act('redrive', { topic: WORK, limit: 1, all: true })).toEqual(['b 1']);
    expect((await list()).map(({ key }) => key)).toEqual(['c']);
  });

  it('covers every topic with dead letters', async () => {
    const letters = await openLetters(allTopics.map(({ name }) => name));
    const names = [topics.slmRequests.name, topics.inferenceCommands.name];
    await letters.append(...names.map((topic) => buried(recordOf({ partition: 0, topic }))));
    expect(await toolOf(letters)('redrive', {})).toHaveLength(2);
    for (const name of names) expect(letters.log.fetch(name, 0, 0).records).toHaveLength(1);
  });

  it('includes dead letters behind open transactions, which no reader sees yet', async () => {
    const { act, bury, openTransaction, hooks, list } = await open('a');
    const decide = openTransaction(buried(recordOf({ partition: 0, key: 'b', offset: 1 })));
    await bury('c', 2);
    expect((await list()).map(({ key }) => key)).toEqual(['a']);
    hooks.meanwhile = async () => decide();
    expect(await act('redrive')).toEqual(['a 0', 'b 1', 'c 2']);
  });

  it('applies its limit to all topics together, like a dry run', async () => {
    const letters = await openLetters(allTopics.map(({ name }) => name));
    const names = [topics.inferenceCommands.name, topics.slmRequests.name];
    for (const offset of [0, 1, 2])
      await letters.append(...names.map((topic) => buried(recordOf({ partition: 0, topic, offset }))));
    expect(await toSettle(letters.log, 'redrive', { limit: 4 })).toHaveLength(4);
    expect(await toolOf(letters)('redrive', { limit: 4 })).toEqual(['a 0', 'a 1', 'a 2', 'a 0']);
  });

  it('uses small transactions, so that readers of the topic wait only briefly', async () => {
    const { act, bury, transactions } = await open();
    for (let offset = 0; offset < 201; offset += 1) await bury('a', offset);
    transactions.splice(0);
    expect(await act('redrive')).toHaveLength(201);
    const [, ...of] = transactions;
    expect(of.map(({ records }) => records.length)).toEqual([200, 200, 2]);
    expect(of.flatMap(({ records }) => records.filter(({ topic }) => topic === WORK))).toHaveLength(201);
    expect(of.every(({ transactionalId }) => transactionalId.startsWith(transactionalIdOf(WORK)))).toBe(true);
  });

  it('bounds the bytes of a transaction too; one dead letter may take nearly half', async () => {
    const { act, bury, transactions } = await open();
    const value = Buffer.alloc(900_000);
    for (let offset = 0; offset < 9; offset += 1) await bury('a', offset, {}, value);
    transactions.splice(0);
    expect(await act('redrive')).toHaveLength(9);
    expect(transactions.slice(1).map(({ records }) => records.length)).toEqual([8, 8, 2]);
  });

  it('skips a dead letter without its value; it can be dropped', async () => {
    const { act, bury, list, redriven } = await open('a');
    await bury('b', 1, {}, Buffer.alloc(2_000_000));
    expect(await act('redrive')).toEqual(['a 0']);
    expect((await list()).map(({ key }) => key)).toEqual(['b']);
    expect(redriven()).toHaveLength(1);
    expect(await act('drop')).toEqual(['b 1']);
  });

  it('ignores records of other programs', async () => {
    const { append, act, list, log } = await open();
    await append({ ...buried(recordOf({ partition: 0 })), headers: {} });
    expect(await act('redrive')).toEqual([]);
    expect(await act('drop')).toEqual([]);
    expect(await toSettle(log, 'drop', { topic: WORK })).toEqual([]);
    expect(await list()).toHaveLength(1);
  });
});

describe('dead letters of records that a topology handed on', () => {
  const REDRIVES = 'work.redrive';
  const ids = [1, 2].map((index) => ID.replace(/1$/, `${index}`));

  async function handedOn() {
    const letters = await openLetters([WORK, REDRIVES]);
    for (const id of ids)
      await letters.append(
        buried(recordOf({ partition: 0, key: 'a', offset: UNKNOWN_OFFSET, headers: { ce_id: id } }), {
          redrives: REDRIVES,
        }),
      );
    return { ...letters, act: toolOf(letters), in: (topic: string) => letters.log.fetch(topic, 0, 0).records };
  }

  it('are appended to the topic of redriven records, and noted by the names of their records', async () => {
    const { act, in: recordsIn, list, transactions } = await handedOn();
    expect(await act('redrive')).toHaveLength(2);
    expect(recordsIn(WORK)).toEqual([]);
    expect(recordsIn(REDRIVES).map(({ headers }) => [headers['ce_redriveof'], headers['khipu_redrive_topic']])).toEqual(
      ids.map((id) => [id, WORK]),
    );
    expect(await list()).toEqual([]);
    expect((await list(true)).map(({ record, note }) => [record, note?.outcome])).toEqual(
      ids.map((id) => [id, 'redriven']),
    );
    expect(transactions.at(-1)?.records.map(({ topic }) => topic)).toEqual([
      ...[REDRIVES, deadLetterTopic(WORK), REDRIVES, deadLetterTopic(WORK)],
    ]);
    expect(await act('redrive')).toEqual([]);
  });

  it('are dropped each by its name', async () => {
    const { act, in: recordsIn, list } = await handedOn();
    expect(await act('drop', { topic: WORK, limit: 1 })).toHaveLength(1);
    expect((await list()).map(({ record }) => record)).toEqual([ids[1]]);
    expect(recordsIn(REDRIVES)).toEqual([]);
  });
});

describe('a tool', () => {
  it('is fenced by a newer tool, which does the rest', async () => {
    const { log, act, hooks, redriven } = await open('a');
    let met = false;
    hooks.at = async (point) => {
      if (point !== 'commit' || met) return;
      met = true;
      await log.transactor(transactionalIdOf(WORK));
    };
    await expect(act('redrive')).rejects.toMatchObject({ code: 'FENCED' });
    expect(redriven()).toEqual([]);
    expect(await act('redrive')).toEqual(['a 0']);
    expect(redriven()).toHaveLength(1);
  });

  it.each(['commit', 'committed'])('is cut off at its %s, and the next one settles nothing twice', async (where) => {
    const { act, hooks, redriven, list } = await open('a');
    let times = 0;
    hooks.at = async (point) => {
      // The first commit is that of the mark.
      if (point === where) times += 1;
      if (times === 2) throw new Error('cut off');
    };
    await expect(act('redrive')).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
    hooks.at = async () => undefined;
    expect(await act('redrive')).toEqual(where === 'commit' ? ['a 0'] : []);
    expect(redriven()).toHaveLength(1);
    expect(await list()).toEqual([]);
  });

  it('may run beside a tool for another topic', () => {
    expect(transactionalIdOf(WORK)).toBe('khipu.dlq.work.commands');
  });

  it('writes nothing after it has resolved', async () => {
    const { log, clock, act } = await open('a');
    const { transactor } = log;
    const opened: Awaited<ReturnType<typeof transactor>>[] = [];
    log.transactor = async (id) => {
      opened.push(await transactor.call(log, id));
      return opened[0] ?? Promise.reject(new Error('none'));
    };
    await act('redrive');
    expect(clock.now()).toBeLessThan(1_001_000);
    const record = buried(recordOf({ partition: 0 }));
    await expect(opened[0]?.commit({ records: [record], group: 'g', offsets: [] })).rejects.toThrow('closed');
  });
});

describe('dropping', () => {
  it('notes a dead letter and appends nothing', async () => {
    const { act, redriven, list } = await open('a');
    expect(await act('drop')).toEqual(['a 0']);
    expect(redriven()).toEqual([]);
    expect((await list(true)).map(({ note }) => note)).toMatchObject([{ outcome: 'dropped', by: 'me@here' }]);
    expect(await act('redrive')).toEqual([]);
  });
});

describe('a dry run', () => {
  it('returns what would be settled, and settles nothing', async () => {
    const { log, act, redriven, list } = await open('a', 'b', 'c');
    await act('drop', { topic: WORK, key: 'a' });
    const found = await toSettle(log, 'redrive', { topic: WORK, limit: 1, all: true });
    expect(found.map(({ key }) => key)).toEqual(['b']);
    expect(redriven()).toEqual([]);
    expect(await list()).toHaveLength(2);
  });
});

it('a dead letter that was written twice is redriven once', async () => {
  const { bury, act, redriven } = await open('a');
  await bury('a', 0);
  expect(await act('redrive')).toEqual(['a 0']);
  expect(redriven()).toHaveLength(1);
});

it('a redriven record goes to the reader of its dead letter; when it fails again it gets its own dead letter', async () => {
  const letters = await openLetters();
  const [one, two] = [openReader(letters, READER, false), openReader(letters, 'another', false)];
  two.broken.clear();
  await letters.send('k', 'fine', 'break');
  const readAll = () => Promise.all([one.read(), two.read()]);
  await readAll();
  const act = toolOf(letters);
  expect(await act('redrive')).toEqual(['k 1']);
  await readAll();
  expect(await letters.list()).toMatchObject([{ attempt: 2, sequence: null, from: { offset: 2 } }]);
  one.broken.clear();
  expect(await act('redrive')).toEqual(['k 2']);
  await readAll();
  expect([one.done, two.done]).toEqual([
    ['fine', 'break'],
    ['fine', 'break'],
  ]);
  expect(await letters.list()).toEqual([]);
});
