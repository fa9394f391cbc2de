import { describe, expect, it } from 'vitest';
import { schemas } from '../../../schemas/generated/schemas.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import { quiet, valuesOf } from '../testing/by-hand.ts';
import { openTask, PARTITION } from '../testing/processor-task.ts';
import { COMMAND_TIME_MS, counter, localDecoder } from '../testing/processors.ts';
import { reminder } from '../testing/reminder.ts';

describe('the record in flight of a task', () => {
  it('is none while it rests', async () => {
    const { task, record, take } = await openTask(counter);
    expect(task.inFlight()).toEqual([]);
    await take(record('quiet'));
    expect(task.inFlight()).toEqual([]);
    await take(record('0'));
    expect(task.inFlight()).toEqual([]);
  });

  it('is the first of its batch, since it was taken: first it is decided, then committed', async () => {
    const registry = Promise.withResolvers<string>();
    const decoder = new RecordDecoder(localDecoder().codec, () => registry.promise);
    const { names, task, record, take, pass, transactor, clock } = await openTask(counter, { decoder });
    const unmet = record('0', 'a', { offset: 40 });
    unmet.value?.writeInt32BE(900, 1);
    transactor.hold();
    await take(unmet, record('1', 'a', { offset: 41 }));
    const held = {
      processor: names.name,
      topic: names.input.name,
      partition: PARTITION,
      offset: 40,
      sinceMs: clock.now(),
    };
    expect(task.inFlight()).toEqual([{ ...held, doing: 'decide' }]);
    await pass(70);
    registry.resolve(schemas.InferText);
    await quiet();
    expect(task.inFlight()).toEqual([{ ...held, doing: 'transaction' }]);
  });

  it('is the position of its first input in a transaction without records', async () => {
    const { names, task, record, take, pass, transactor, clock } = await openTask(reminder);
    await take(record('remind 500'));
    transactor.hold();
    await pass(500);
    expect(task.inFlight()).toEqual([
      {
        ...{ processor: names.name, topic: names.input.name, partition: PARTITION, offset: 1 },
        ...{ doing: 'transaction', sinceMs: clock.now() },
      },
    ]);
  });
});

describe('the inspection of a key', () => {
  it('has its committed state, its timers and the read positions', async () => {
    const { names, task, record, take, transactor } = await openTask(reminder);
    await take(record('remind 500'));
    transactor.hold();
    await take(record('forget'));
    expect(task.inspect(names.name, 'a')).toEqual({
      ...{ processor: names.name, key: 'a', partition: PARTITION, version: 1, state: { dueMs: COMMAND_TIME_MS + 500 } },
      positions: [
        { topic: names.input.name, offset: 1 },
        { topic: names.timers.name, offset: 0 },
      ],
      timers: [{ id: expect.any(String), type: 'InferText', at: '1970-01-01T00:00:01.500Z', fired: false }],
      parked: [],
    });
    expect(task.inspect(names.name, 'b')).toBeUndefined();
    expect(task.inspect('another', 'a')).toBeUndefined();
  });

  it('has no timers when there are none, and lists the inputs in which the key is parked', async () => {
    const { names, task, record, take } = await openTask(
      (all) => ({ ...counter(all), inputs: [all.input, all.timers] }),
      { parks: true },
    );
    await take(record('0'), record('break'), record('0', 'b'));
    expect(task.inspect(names.name, 'a')).toMatchObject({ timers: [], parked: [names.input.name] });
    expect(task.inspect(names.name, 'b')).toMatchObject({ timers: [], parked: [] });
  });
});

describe('the metrics of a task', () => {
  it('count records in and out, records per transaction and their age, dead letters by code, and keys', async () => {
    const { names, metrics, record, take, pass } = await openTask(counter, { parks: true });
    const processor = { processor: names.name };
    const partition = { ...processor, partition: PARTITION };
    await pass(3_000);
    await take(record('0'), record('quiet', 'b', { timestampMs: COMMAND_TIME_MS + 2_000 }), record('break'));
    await take(record('1'), record('0', 'b'));
    expect(await valuesOf(metrics.recordsIn)).toEqual([[processor, 5]]);
    // The first wrote an answer, a dead letter and a state; the second the same.
    expect(await valuesOf(metrics.recordsOut)).toEqual([[processor, 6]]);
    expect(await valuesOf(metrics.batchRecords)).toEqual([
      [processor, 5],
      [processor, 2],
    ]);
    expect(await valuesOf(metrics.ageSeconds)).toEqual([
      [processor, 13],
      [processor, 5],
    ]);
    expect(await valuesOf(metrics.deadLetters)).toEqual([
      [{ ...processor, code: 'UNEXPECTED' }, 1],
      [{ ...processor, code: 'KEY_PARKED' }, 1],
    ]);
    expect(await valuesOf(metrics.stateKeys)).toEqual([[partition, 2]]);
    expect(await valuesOf(metrics.parkedKeys)).toEqual([[partition, 1]]);
  });

  it('measure the time of each committed transaction', async () => {
    const { names, metrics, record, take, transactor } = await openTask(counter);
    const processor = { processor: names.name };
    await take(record('0'));
    transactor.hold();
    await take(record('1'));
    expect((await valuesOf(metrics.transactionSeconds))[1]).toEqual([processor, 1]);
  });

  it('count records without results as read, and their transaction as empty', async () => {
    const { names, metrics, record, take, pass } = await openTask(counter);
    await take(record('quiet'));
    await pass(1_000);
    expect(await valuesOf(metrics.recordsIn)).toEqual([[{ processor: names.name }, 1]]);
    expect((await valuesOf(metrics.batchRecords)).map(([, value]) => value)).toEqual([]);
  });

  it('report the lag behind the end of the input: when records arrive, and when they are processed', async () => {
    const { names, metrics, task, batch, record, transactor } = await openTask(counter);
    const labels = { processor: names.name, partition: PARTITION };
    transactor.hold();
    void task.push(batch([record('0')], { highWatermark: 10 }));
    await quiet();
    expect(await valuesOf(metrics.lagRecords)).toEqual([[labels, 10]]);
    void task.push(batch([record('quiet')], { highWatermark: 10 }));
    expect(await valuesOf(metrics.lagRecords)).toEqual([[labels, 9]]);
    await transactor.answer();
    expect(await valuesOf(metrics.lagRecords)).toEqual([[labels, 1]]);
    await task.drop();
    void task.push(batch([record('2')], { highWatermark: 10 }));
    expect(await valuesOf(metrics.lagRecords)).toEqual([[labels, 1]]);
  });
});
