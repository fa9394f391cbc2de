import { describe, expect, it } from 'vitest';
import type { Processor } from '../../../streams/kernel.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { quiet } from '../testing/by-hand.ts';
import { forAnother, openTask, PARTITION } from '../testing/processor-task.ts';
import { counter } from '../testing/processors.ts';

const open = (over: Partial<Processor> = {}, options?: Parameters<typeof openTask>[1]) =>
  openTask((names) => ({ ...counter(names, over), inputs: [names.input, names.timers] }), options);
type Opened = Awaited<ReturnType<typeof open>>;

/**
 * Returns this many records: the first has a result, the others are for another reader, which costs next to nothing.
 */
const many = ({ record }: Opened, count: number): LogRecord[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? record('first') : forAnother(record(''))));

describe('a transaction', () => {
  it('has the outputs, state and offsets of the taken records, for the group', async () => {
    const opened = await open();
    await opened.take(opened.record('0'), opened.record('1'));
    const [{ group, offsets } = {}] = opened.transactor.batches;
    expect(opened.transactions).toEqual([['a says 1:0', 'a says 2:1', 'a holds {"count":2}']]);
    expect(group).toBe(`group of ${opened.names.name}`);
    expect(offsets).toEqual([{ topic: opened.names.input.name, partition: PARTITION, offset: 2, metadata: '' }]);
  });

  it('moves each input to the end of its batch, past records that a reader does not see', async () => {
    const { task, batch, record, names, transactor } = await open();
    void task.push(batch([record('0')], { next: 7 }));
    void task.push(batch([record('1', 'a', { topic: names.timers.name })], { next: 3 }));
    await quiet();
    expect(transactor.offsets).toEqual(['commands@7,timers@3']);
  });

  it('changes the state only after it has answered', async () => {
    const opened = await open();
    opened.transactor.hold();
    opened.state.set('b', { count: 1 });
    await opened.take(opened.record('0'), opened.record('end', 'b'));
    expect([opened.state.get('a'), opened.state.has('b')]).toEqual([undefined, true]);
    await opened.transactor.answer();
    expect([opened.state.get('a'), opened.state.has('b')]).toEqual([{ count: 1 }, false]);
  });

  it('begins after the previous one has answered, with its state', async () => {
    const opened = await open();
    opened.transactor.hold();
    await opened.take(opened.record('0'));
    await opened.take(opened.record('1'));
    expect(opened.transactions).toHaveLength(1);
    await opened.transactor.answer();
    expect(opened.transactions[1]).toEqual(['a says 2:1', 'a holds {"count":2}']);
  });

  it('parks keys only after it has answered', async () => {
    const opened = await open({ poison: 'park' }, { parks: true });
    opened.transactor.hold();
    await opened.take(opened.record('break'));
    expect(opened.parkedKeys?.size).toBe(0);
    await opened.transactor.answer();
    expect(opened.parkedKeys?.size).toBe(1);
  });
});

describe('the taken records', () => {
  it('are at most a thousand, oldest first; a batch that is cut continues where it was cut', async () => {
    const opened = await open();
    const { task, batch, transactor } = opened;
    void task.push(batch(many(opened, 600)));
    void task.push(batch([...many(opened, 400), ...many(opened, 1_100)]));
    await quiet();
    expect(transactor.offsets).toEqual(['commands@1000', 'commands@2000']);
    expect(opened.transactions).toEqual([
      ['a says 1:first', 'a says 2:first', 'a holds {"count":2}'],
      ['a says 3:first', 'a holds {"count":3}'],
    ]);
    await opened.pass(1_000);
    expect(transactor.offsets.slice(2)).toEqual(['commands@2100']);
  });

  it('are a whole batch when it is as large as a transaction', async () => {
    const opened = await open();
    const { task, batch, transactor, pass } = opened;
    void task.push(batch(many(opened, 1_000)));
    void task.push(batch(many(opened, 1)));
    await quiet();
    await pass(5_000);
    expect(transactor.offsets).toEqual(['commands@1000', 'commands@1001']);
  });

  it('wait in a bounded queue: when it is full the partition pauses, until half of it is processed', async () => {
    const opened = await open();
    const { task, batch } = opened;
    opened.transactor.hold();
    await opened.take(opened.record('0'));
    for (let thousand = 0; thousand < 7; thousand += 1) expect(task.push(batch(many(opened, 1_000)))).toBeUndefined();
    expect(task.push(batch(many(opened, 999)))).toBeUndefined();
    const pauses = [task.push(batch(many(opened, 1))), task.push(batch([]))];
    const resumed = pauses.map(() => false);
    pauses.forEach((pause, index) => void pause?.then(() => (resumed[index] = true)));
    for (let thousand = 0; thousand < 4; thousand += 1) {
      await opened.transactor.answer();
      expect(resumed).toEqual([false, false]);
    }
    await opened.transactor.answer();
    expect(resumed).toEqual([true, true]);
  });

  it('linger for more records once per batch, unless the transaction is full', async () => {
    const opened = await open({ lingerMs: 50 });
    const { record, take, pass, transactor, sleeps } = opened;
    await take(record('0'));
    await pass(49);
    await take(record('1'));
    expect(transactor.offsets).toEqual([]);
    await pass(1);
    expect(transactor.offsets).toEqual(['commands@2']);
    await take(...many(opened, 1_000));
    expect(transactor.offsets).toEqual(['commands@2', 'commands@1002']);
    expect(sleeps).toEqual([50]);
  });

  it('do not linger in a processor without a linger time', async () => {
    const { record, take, transactor, sleeps } = await open();
    await take(record('0'));
    expect([transactor.offsets, sleeps]).toEqual([['commands@1'], []]);
  });
});

describe('records without results', () => {
  it('are committed with the next record that has some', async () => {
    const { record, take, transactor } = await open();
    await take(record('quiet'));
    await take(record('0'));
    expect(transactor.offsets).toEqual(['commands@2']);
  });

  it('are committed alone after a second without other records, once', async () => {
    const { record, take, pass, transactor } = await open();
    await take(record('quiet'));
    await pass(999);
    expect(transactor.offsets).toEqual([]);
    await pass(1);
    await pass(5_000);
    expect([transactor.batches.map(({ records }) => records), transactor.offsets]).toEqual([[[]], ['commands@1']]);
  });

  it('are committed after a second even while more of them arrive', async () => {
    const { record, take, pass, transactor } = await open();
    for (let tenth = 0; tenth <= 10; tenth += 1) {
      await take(record('quiet'));
      await pass(100);
    }
    expect(transactor.offsets).toEqual([]);
    await take(record('quiet'));
    expect(transactor.offsets).toEqual(['commands@12']);
    for (let half = 0; half < 2; half += 1) {
      await take(record('quiet'));
      await pass(500);
    }
    expect(transactor.offsets).toHaveLength(1);
  });

  it('may be only markers, which move the position', async () => {
    const { task, batch, pass, transactor } = await open();
    void task.push(batch([], { from: 0, next: 3 }));
    await quiet();
    await pass(1_000);
    expect(transactor.offsets).toEqual(['commands@3']);
  });
});
