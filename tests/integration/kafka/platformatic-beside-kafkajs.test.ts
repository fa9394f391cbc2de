import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import {
  eventually,
  numbered,
  openBench,
  outgoing,
  Recorder,
  readWhole,
  textsOf,
  unique,
} from '../../../infra/kafka/contract/testing.ts';
import { KafkaJsLog } from '../../../infra/kafka/kafkajs/log.ts';
import { offsetsInLog } from '../../../infra/kafka/offsets-log.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { brokers } from './open-log.ts';

const options = () => ({
  brokers: brokers(),
  clientId: 'khipu-test',
  logger: pino({ level: 'silent' }),
  replicationFactor: 1,
});

/** During a rolling change of drivers, both work on the same topics, ids and groups. */
describe('both drivers side by side', () => {
  const first = openBench(async () => {
    const log = new KafkaJsLog(options());
    return { log, close: () => log.close() };
  });
  const second = openBench(async () => {
    const log = new PlatformaticLog(options());
    return { log, close: () => log.close() };
  });
  const pairs = [
    ['kafkajs', 'platformatic', first.log, second.log],
    ['platformatic', 'kafkajs', second.log, first.log],
  ] as const;

  it.each(pairs)('offsets committed by %s for a group are read by %s', async (_, __, writer, reader) => {
    const name = await first.topic(2);
    const group = unique('group');
    const transactor = await writer().transactor(`kept.${name}`);
    for (const [offset, metadata] of [
      [1, ''],
      [300, 'x'.repeat(2_000)],
      [70_000, 'progress: ✓'],
    ] as const)
      await transactor.commit({
        records: [outgoing(name, 'out')],
        group,
        offsets: [{ topic: name, partition: 1, offset, metadata }],
      });
    await transactor.close();
    // The broker writes markers after it answers a commit: the next owner fences before it reads, and so waits for them.
    await (await reader().transactor(`kept.${name}`)).close();
    const offsets = await reader().committed(group, [name]);
    expect([...offsets].sort((a, b) => a.partition - b.partition)).toEqual([
      { topic: name, partition: 0, offset: -1, metadata: '' },
      { topic: name, partition: 1, offset: 70_000, metadata: 'progress: ✓' },
    ]);
    expect(await offsetsInLog(reader(), group, offsets)).toEqual(offsets);
  });

  it.each(pairs)(
    'records appended by %s are read unchanged by %s, in the partition of their key',
    async (_, __, writer, reader) => {
      const name = await first.topic(3);
      const bytes = Buffer.from([0, 255, 128, 10]);
      const records = [
        { topic: name, partition: 0, key: 'clé', value: bytes, headers: { a: '1', unicode: 'qillqa ✓', empty: '' } },
        { topic: name, partition: 0, key: 'clé', value: null, headers: {} },
        { topic: name, partition: 0, key: null, value: Buffer.alloc(0), headers: {} },
      ];
      const keyed = numbered(50).map((key) => outgoing(name, 'keyed', { partition: null, key }));
      for (const log of [writer(), reader()]) {
        const appender = await log.appender();
        await appender.append([...records, ...keyed]);
        await appender.close();
      }
      const read = await readWhole(reader(), name);
      const at = read.findIndex(({ value }) => String(value) !== 'keyed');
      expect(read.slice(at, at + 3)).toMatchObject(records);
      const homes = Map.groupBy(
        read.filter(({ value }) => String(value) === 'keyed'),
        ({ key }) => key,
      );
      for (const found of homes.values()) expect(new Set(found.map(({ partition }) => partition)).size).toBe(1);
    },
  );

  it.each(pairs)('a transactor of %s is fenced by one of %s', async (_, __, old, young) => {
    const name = await first.topic();
    const [id, group] = [unique('id'), unique('group')];
    const offsets = [{ topic: name, partition: 0, offset: 3, metadata: 'm' }];
    const before = await old().transactor(id);
    await before.commit({ records: [outgoing(name, 'before')], group, offsets });
    const after = await young().transactor(id);
    const zombie = before.commit({ records: [outgoing(name, 'zombie')], group, offsets: [] });
    await expect(zombie).rejects.toMatchObject({ code: 'FENCED' });
    expect(await young().committed(group, [name])).toEqual(offsets);
    await after.commit({ records: [outgoing(name, 'after')], group, offsets: [] });
    await Promise.all([before.close(), after.close()]);
    await eventually(async () => expect(textsOf(await readWhole(young(), name))).toEqual(['before', 'after']));
  });

  it.each(pairs)(
    'a group led by %s accepts a member of %s, and continues when it leaves',
    async (_, __, one, other) => {
      const topics = [await first.topic(4), await first.topic(4)];
      const group = unique('group');
      const [leader, joiner] = [new Recorder(), new Recorder()];
      const join = (log: Log, handlers: Recorder) => log.join({ group, topics, handlers });
      const leading = await join(one(), leader);
      await eventually(() => expect(leader.partitions).toEqual([0, 1, 2, 3]));
      const joined = await join(other(), joiner);
      await eventually(() => {
        expect([leader.partitions?.length, joiner.partitions?.length]).toEqual([2, 2]);
        expect([...(leader.partitions ?? []), ...(joiner.partitions ?? [])].sort()).toEqual([0, 1, 2, 3]);
      });
      const appender = await one().appender();
      for (const name of topics)
        await appender.append([0, 1, 2, 3].map((partition) => outgoing(name, 'x', { partition })));
      await eventually(() => expect([leader.records.length, joiner.records.length]).toEqual([4, 4]));
      await joined.close();
      await eventually(() => expect(leader.partitions).toEqual([0, 1, 2, 3]));
      await Promise.all([leading.close(), appender.close()]);
      expect([...leader.crashes, ...joiner.crashes]).toEqual([]);
    },
  );
});
