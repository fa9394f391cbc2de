import { expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import type { Processor } from '../../../streams/kernel.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { redriveHeaders } from '../dead-letters/write.ts';
import { answer, type Count, counter, localDecoder, prepare } from '../testing/processors.ts';
import { prepareTimed, reminder } from '../testing/reminder.ts';
import { restoreState, stateRecord } from './state-store.ts';

const decoder = localDecoder();

/** Returns a log of two partitions with the appended records, and the reported progress of a restore. */
async function world() {
  const log = new MemoryLog();
  const names = await prepareTimed(log, 2);
  const appender = await log.appender();
  const progress: [number, number][] = [];
  return {
    names,
    log,
    progress,
    append: (...records: readonly OutgoingRecord[]) => appender.append(records),
    restore: (processor: Processor, partitions: readonly number[] = [0, 1]) =>
      restoreState(log, decoder, processor, partitions, (read, left) => progress.push([read, left])),
  };
}

type Restored = Awaited<ReturnType<typeof restoreState>>;

const statesIn = ({ partitions }: Restored, partition: number): readonly [string, unknown][] => {
  const state = partitions.get(partition)?.state;
  return [...(state?.keys() ?? [])].map((key) => [key, state?.get(key)]);
};

let events = 0;

/** An event of the journal: the counter folds it to one more, a reminder to its timer. */
function event(key: string, partition: number, prompt: string, count = 1, headers = {}): OutgoingRecord {
  events += 1;
  const id = `00000000-0000-4000-8000-${String(events).padStart(12, '0')}`;
  const rest = {
    id,
    tenantId: 't',
    place: 't/0',
    correlationId: id,
    causationId: `cause-${events}`,
    timeMs: 0,
    source: 'test',
  };
  const record = answer(key, count, prompt);
  const emitted = { topic: topics.inferenceEvents.name, key, record, traceparent: 'of the event', ...rest };
  return { ...toOutgoing(decoder.codec, emitted, headers), partition };
}

const count = (of: number): Count => ({ count: of });

it('a state is written with its version, without a list of timers when it has none; a finished one is a tombstone', async () => {
  const { names } = await world();
  const processor = counter(names, { stateVersion: 7 });
  expect(stateRecord(processor, 1, 'a', count(2))).toEqual({
    ...{ topic: names.state.name, partition: 1, key: 'a', headers: {} },
    value: Buffer.from('{"version":7,"state":{"count":2}}'),
  });
  expect(stateRecord(processor, 0, 'a', count(-1))).toEqual({
    ...{ topic: names.state.name, partition: 0, key: 'a', headers: {}, value: null },
  });
});

it('the latest state of each key is restored, only for the requested partitions', async () => {
  const { names, append, restore } = await world();
  const processor = counter(names);
  await append(
    stateRecord(processor, 0, 'a', count(1)),
    stateRecord(processor, 0, 'gone', count(1)),
    stateRecord(processor, 0, 'a', count(2)),
    stateRecord(processor, 0, 'gone', count(-1)),
    stateRecord(processor, 1, 'b', count(3)),
  );
  const both = await restore(processor);
  expect([statesIn(both, 0), statesIn(both, 1)]).toEqual([[['a', count(2)]], [['b', count(3)]]]);
  expect([...both.partitions.values()].map(({ timers }) => timers.size)).toEqual([0, 0]);
  expect(both.rewrites.size).toBe(0);
  const one = await restore(processor, [1]);
  expect([...one.partitions.keys()]).toEqual([1]);
  expect(statesIn(one, 1)).toEqual([['b', count(3)]]);
});

it('reports its progress: all records are left at first, none at the end', async () => {
  const { names, append, restore, progress } = await world();
  const processor = counter(names);
  await append(...['a', 'b', 'c'].map((key) => stateRecord(processor, 0, key, count(1))));
  await append(stateRecord(processor, 1, 'd', count(1)));
  await restore(processor, [0]);
  expect(progress[0]).toEqual([0, 3]);
  expect(progress.slice(1, -1).every(([read, left]) => read + left === 3)).toBe(true);
  expect(progress.at(-1)).toEqual([3, 0]);
});

it('does not read the log without a state topic or without partitions', async () => {
  const { names, log, restore, progress } = await world();
  log.watermarks = () => Promise.reject(new Error('asked'));
  expect((await restore(counter(names), [])).partitions.size).toBe(0);
  expect((await restore(counter(names, { state: null }))).partitions.size).toBe(0);
  expect(progress).toEqual([]);
});

it('state of another version is rebuilt from the journal, and rewrites for the state topic are returned', async () => {
  const { names, append, restore } = await world();
  const before = counter(names);
  const after = counter(names, { stateVersion: 2 });
  await append(
    stateRecord(before, 0, 'a', count(9)),
    stateRecord(before, 0, 'only in the state', count(9)),
    stateRecord(after, 1, 'b', count(9)),
    event('a', 0, 'hello'),
    event('a', 0, 'hello'),
    event('a', 0, 'redriven', 1, { [redriveHeaders.processor]: 'other' }),
    event('ended', 0, 'hello'),
    event('ended', 0, 'end'),
    event('begun again', 0, 'end'),
    event('begun again', 0, 'hello'),
    event('b', 1, 'hello'),
  );
  const restored = await restore(after);
  expect(statesIn(restored, 0)).toEqual([
    ['a', count(2)],
    ['begun again', count(1)],
  ]);
  expect(statesIn(restored, 1)).toEqual([['b', count(9)]]);
  expect([...restored.rewrites]).toEqual([
    [
      0,
      [
        stateRecord(after, 0, 'a', count(2)),
        stateRecord(after, 0, 'begun again', count(1)),
        stateRecord(after, 0, 'only in the state', count(-1)),
      ],
    ],
  ]);
});

it('a state of an older version does not count once a later state or a tombstone follows', async () => {
  const { names, append, restore } = await world();
  const before = counter(names);
  const after = counter(names, { stateVersion: 2 });
  await append(
    stateRecord(before, 0, 'a', count(1)),
    stateRecord(before, 0, 'gone', count(1)),
    stateRecord(after, 0, 'a', count(2)),
    stateRecord(after, 0, 'gone', count(-1)),
  );
  const restored = await restore(after);
  expect(statesIn(restored, 0)).toEqual([['a', count(2)]]);
  expect(restored.rewrites.size).toBe(0);
});

it('without a journal, nothing is rebuilt', async () => {
  const { names, append, restore } = await world();
  await append(stateRecord(counter(names), 0, 'a', count(1)));
  const restored = await restore(counter(names, { stateVersion: 2, outputs: [] }), [0]);
  expect([...restored.rewrites]).toEqual([[0, [stateRecord(counter(names), 0, 'a', count(-1))]]]);
});

it('timers are restored and removed with their states', async () => {
  const { names, append, restore } = await world();
  const processor = reminder(names);
  const timed = reminder(names, { stateVersion: 2 });
  const reminded = event('a', 0, 'remind', 500);
  await append(reminded, event('b', 0, 'remind', 700), event('b', 0, 'forget'));
  await append(stateRecord(processor, 0, 'a', { dueMs: 9 }));
  const folded = await restore(timed, [0]);
  const timers = folded.partitions.get(0)?.timers;
  expect([...(timers?.keys() ?? [])]).toEqual(['a']);
  expect(timers?.get('a')).toMatchObject([
    {
      atMs: 500,
      fired: false,
      cause: { id: reminded.headers['ce_causationid'], tenantId: 't', traceparent: 'of the event' },
    },
  ]);
  await append(...(folded.rewrites.get(0) ?? []));
  const again = await restore(timed, [0]);
  expect(again.partitions.get(0)?.timers).toEqual(timers);
  expect(again.rewrites.size).toBe(0);
  await append(stateRecord(timed, 0, 'a', { dueMs: null }));
  expect((await restore(timed, [0])).partitions.get(0)?.timers.size).toBe(0);
});

it('a state without a list of timers is rebuilt; a failing `due` rejects the restore', async () => {
  const { names, append, restore } = await world();
  const unlisted = reminder(names, { timers: null });
  await append(event('a', 0, 'remind', 500), stateRecord(unlisted, 0, 'a', { dueMs: 500 }));
  const restored = await restore(reminder(names), [0]);
  expect(restored.partitions.get(0)?.timers.get('a')).toMatchObject([{ atMs: 500 }]);
  expect(restored.rewrites.get(0)).toHaveLength(1);
  const broken = reminder(names);
  const due = () => {
    throw new Error('due is broken');
  };
  await expect(restore({ ...broken, timers: broken.timers && { ...broken.timers, due } }, [0])).rejects.toThrow(
    'due is broken',
  );
});

it('empty partitions are restored empty', async () => {
  const log = new MemoryLog();
  const names = await prepare(log, 2);
  const { partitions } = await restoreState(log, decoder, counter(names), [0, 1]);
  expect([...partitions].map(([partition, { state }]) => [partition, state.size])).toEqual([
    [0, 0],
    [1, 0],
  ]);
});
