import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import { type Table, table } from '../../../streams/kernel.ts';
import { eventually, unique } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { Log } from '../../kafka/port.ts';
import { ask, command, localDecoder, prepare } from '../testing/processors.ts';
import { TableViews } from './view.ts';

const decoder = localDecoder();
const logger = pino({ level: 'silent' });
const opened: TableViews[] = [];
afterEach(() => Promise.all(opened.splice(0).map((views) => views.close())));

/** Two topics: `left` and `other` are tables of the first, `right` of the second; each holds the prompts of its commands. */
async function open() {
  const log = new MemoryLog();
  const names = await prepare(log);
  const topicOf = (name: string) => ({ ...topics.inferenceCommands, name: unique(name) });
  const [first, second] = [topicOf('first'), topicOf('second')];
  await log.createTopics([first, second].map(({ name }) => ({ name, partitions: 2, config: {} })));
  const prompts = (name: string, topic: typeof first): Table =>
    table({
      name,
      topic,
      initial: '',
      evolve: (held, { data }) => {
        const prompt = 'prompt' in data ? String(data.prompt) : '';
        if (prompt === `break ${name}`) throw new Error('evolve broke');
        return `${held} ${prompt}`.trim();
      },
    }) as unknown as Table;
  const appender = await log.appender();
  const tell = (topic: typeof first, prompt: string) =>
    appender.append([{ ...command(names, decoder, ask('a', prompt), 'a'), topic: topic.name }]);
  const tails: { readonly topics: readonly string[]; readonly crash: (error: Error) => void }[] = [];
  const counted = {
    watermarks: (of: readonly string[]) => log.watermarks(of),
    tail: (options: Parameters<Log['tail']>[0]) => {
      tails.push({ topics: options.topics, crash: options.onCrash });
      return log.tail(options);
    },
  } as unknown as Log;
  const tables = { left: prompts('left', first), other: prompts('other', first), right: prompts('right', second) };
  const views = (over: Readonly<Record<string, Table>> = tables, onChange?: () => void) => {
    const made = new TableViews(over, onChange);
    opened.push(made);
    return made;
  };
  return { first, second, tell, tails, counted, views };
}

it('tables have one reader, are read to their ends, and followed', async () => {
  const { first, second, tell, tails, counted, views } = await open();
  await tell(first, 'a');
  await tell(second, 'b');
  const held = views();
  const crashes: Error[] = [];
  await held.open(counted, decoder, logger, (error) => crashes.push(error));
  expect(held.values).toEqual({ left: 'a', other: 'a', right: 'b' });
  const before = held.values;
  await tell(second, 'c');
  await eventually(() => expect(held.values).toEqual({ left: 'a', other: 'a', right: 'b c' }));
  expect(before).toEqual({ left: 'a', other: 'a', right: 'b' });
  expect(tails.map((tail) => tail.topics)).toEqual([[first.name, second.name]]);
  tails[0]?.crash(new Error('the broker went away'));
  expect(crashes).toHaveLength(1);
});

it('a record on which one table throws is passed over by that table alone', async () => {
  const { first, second, tell, counted, views } = await open();
  await tell(first, 'break left');
  await tell(first, 'a');
  await tell(second, 'break right');
  const held = views();
  await held.open(counted, decoder, logger, () => undefined);
  expect(held.values).toEqual({ left: 'a', other: 'break left a', right: '' });
});

it('no tables have no reader', async () => {
  const { tails, counted, views } = await open();
  const held = views({});
  await held.open(counted, decoder, logger, () => undefined);
  expect([held.values, tails]).toEqual([{}, []]);
});

it('a reader that is lost before the ends are reached is reported, and the tables are not opened', async () => {
  const { first, views } = await open();
  const broken = {
    watermarks: async () => [{ topic: first.name, partition: 0, offset: 1, low: 0, high: 1 }],
    tail: async ({ onCrash }: Parameters<Log['tail']>[0]) => {
      onCrash(new Error('the broker went away'));
      return { close: async () => undefined };
    },
  } as unknown as Log;
  const crashes: string[] = [];
  await expect(views().open(broken, decoder, logger, ({ message }) => crashes.push(message))).rejects.toThrow(
    'the broker went away',
  );
  expect(crashes).toEqual(['the broker went away']);
});
