import { describe, expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import type { Processor } from '../../../streams/kernel.ts';
import { LogError } from '../../kafka/errors.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { readingOf, valuesOf } from '../testing/by-hand.ts';
import { type ChainNames, chain, front, last, memberOf, middle } from '../testing/chain.ts';
import { openChainTask } from '../testing/chain-task.ts';
import { ask, COMMAND_TIME_MS } from '../testing/processors.ts';
import { reminder } from '../testing/reminder.ts';

describe('the transaction of a chain', () => {
  it('has the outputs and states of all members, and the offsets of external topics only', async () => {
    const opened = await openChainTask();
    await opened.take(opened.record('0'), opened.record('break middle'));
    expect(opened.transactions).toEqual([
      [
        ...['front answers a 1:0', 'middle turns a 1:0', 'last responds a InferenceFailed:0'],
        ...['last responds a TurnFailed:0', 'front answers a 2:break middle', 'middle buries a: BROKEN'],
        ...['last responds a InferenceFailed:break middle', 'front holds a {"count":2}', 'middle holds a {"count":1}'],
      ],
    ]);
    const [{ group, offsets } = {}] = opened.transactor.batches;
    const { names, home } = opened;
    expect(group).toBe(`group of ${names.name}`);
    expect(offsets).toEqual([{ topic: names.input.name, partition: home, offset: 2, metadata: '' }]);
  });

  it('changes the states of all members after it has answered, or of none', async () => {
    const opened = await openChainTask();
    const counts = () => (['front', 'middle'] as const).map((part) => opened.member(part).state.get('a'));
    opened.transactor.hold();
    await opened.take(opened.record('0'));
    expect(counts()).toEqual([undefined, undefined]);
    await opened.transactor.answer();
    expect(counts()).toEqual([{ count: 1 }, { count: 1 }]);
    await opened.take(opened.record('1'));
    await opened.transactor.answer(new LogError('FENCED', 'a newer holder exists'));
    expect([counts(), opened.crashes]).toEqual([[{ count: 1 }, { count: 1 }], [{ code: 'FENCED' }].map(coded)]);
  });

  it('passes the redriven record that it decides', async () => {
    const opened = await openChainTask();
    const { names, record, take, again, transactor } = opened;
    await take(record('break middle'));
    const letter = transactor.records.find(({ topic }) => topic.endsWith('.dlq')) as OutgoingRecord;
    await take(again(letter));
    expect(transactor.batches[1]?.offsets).toMatchObject([{ topic: names.redrives.name, offset: 1 }]);
    expect(opened.transactions[1]).toEqual(['middle buries a: BROKEN']);
  });
});

const coded = (error: object): object => expect.objectContaining(error);

describe('the timers of a member', () => {
  const timersOf = ({ name, input }: ChainNames, writer: string, suffix: string) => {
    const own = { writers: [writer], governed: false as const, partitionedBy: input.partitionedBy };
    return { ...topics.inferenceCommands, ...own, name: `${name}.${suffix}` };
  };
  const timed = (names: ChainNames) => {
    const name = memberOf(names, 'front');
    return chain(names, [
      reminder({ ...names, name, timers: timersOf(names, name, 'timers') }),
      middle(names),
      last(names),
    ]);
  };
  /** `front` as in `timed`, and `middle` with a timer 900 ms after the time of the commands. */
  const twice = (names: ChainNames) => {
    const topic = timersOf(names, memberOf(names, 'middle'), 'late-timers');
    const [one] = timed(names).members;
    const two = middle(names, {
      inputs: [names.answers, topic],
      timers: { topic, due: (_, key) => [{ atMs: COMMAND_TIME_MS + 900, record: ask(key, 'ring') }] },
    });
    return chain(names, [one as Processor, two, last(names)]);
  };

  it('fire at their own time, whichever member has set them', async () => {
    const opened = await openChainTask(twice);
    const { record, take, pass } = opened;
    await take(record('remind 500'));
    await pass(500);
    expect(opened.transactions.slice(1)).toEqual([['front is asked a ring', 'front holds a {"dueMs":1500}']]);
    await pass(400);
    expect(opened.transactions.slice(2)).toEqual([['middle is asked a ring', 'middle holds a {"count":1}']]);
  });

  it('fire in a transaction of their own; the command comes back as an external record, which begins a chain', async () => {
    const opened = await openChainTask(timed);
    const { record, take, pass, transactor, stored } = opened;
    await take(record('remind 500'));
    await pass(500);
    expect(opened.transactions[1]).toEqual(['front is asked a ring', 'front holds a {"dueMs":1500}']);
    expect(transactor.batches[1]?.offsets).toEqual([]);
    await take(stored(transactor.batches[1]?.records[0] as OutgoingRecord));
    expect(opened.transactions[2]).toEqual([
      ...['front answers a 0:ring', 'middle turns a 2:ring', 'last responds a InferenceFailed:ring'],
      ...['last responds a TurnFailed:ring', 'front holds a {"dueMs":null}', 'middle holds a {"count":2}'],
    ]);
    expect(transactor.offsets[2]).toBe('timers@1');
  });
});

describe('a task of a topology', () => {
  it('inspects the state of a key by member, with the positions of external topics', async () => {
    const { names, task, home, record, take } = await openChainTask();
    await take(record('twice'), record('1'));
    const positions = [
      { topic: names.input.name, offset: 2 },
      { topic: names.redrives.name, offset: 0 },
    ];
    const shared = { key: 'a', partition: home, positions, version: 1, timers: [], parked: [] };
    const processor = memberOf(names, 'middle');
    expect(task.inspect(processor, 'a')).toEqual({ ...shared, processor, state: { count: 3 } });
    expect(task.inspect(memberOf(names, 'front'), 'a')?.state).toEqual({ count: 3 });
    expect(task.inspect(memberOf(names, 'last'), 'a')).toBeUndefined();
    expect(task.inspect(names.name, 'a')).toBeUndefined();
  });

  it('counts records, dead letters and keys by member, and transactions by topology', async () => {
    const { names, metrics, record, take } = await openChainTask();
    await take(record('0'), record('break middle'));
    const [one, two, three] = (['front', 'middle', 'last'] as const).map((part) => memberOf(names, part));
    expect(await readingOf(metrics.recordsIn)).toEqual({ [`${one}`]: 2, [`${two}`]: 2, [`${three}`]: 3 });
    expect(await readingOf(metrics.recordsOut)).toEqual({ [`${one}`]: 3, [`${two}`]: 3, [`${three}`]: 3 });
    expect(await readingOf(metrics.deadLetters)).toEqual({ [`${two} BROKEN`]: 1 });
    expect((await valuesOf(metrics.batchRecords))[0]).toEqual([{ processor: names.name }, 2]);
    expect((await valuesOf(metrics.transactionSeconds))[1]).toEqual([{ processor: names.name }, 1]);
  });

  it('has the external record in flight', async () => {
    const { names, home, task, record, take, transactor, clock } = await openChainTask();
    transactor.hold();
    await take(record('0'));
    expect(task.inFlight()).toEqual([
      {
        ...{ processor: names.name, topic: names.input.name, partition: home, offset: 0 },
        ...{ doing: 'transaction', sinceMs: clock.now() },
      },
    ]);
  });

  it('waits for more records no longer than its most urgent member', async () => {
    const lingering = (urgentMs: number) => (names: ChainNames) =>
      chain(names, [
        front(names, { lingerMs: 50 }),
        middle(names, { lingerMs: urgentMs }),
        last(names, { lingerMs: 50 }),
      ]);
    const patient = await openChainTask(lingering(20));
    await patient.take(patient.record('0'));
    await patient.pass(19);
    expect(patient.transactor.offsets).toEqual([]);
    await patient.pass(1);
    expect(patient.transactor.offsets).toEqual(['commands@1']);
    const urgent = await openChainTask(lingering(0));
    await urgent.take(urgent.record('0'));
    expect(urgent.transactor.offsets).toEqual(['commands@1']);
  });
});
