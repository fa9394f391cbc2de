import { describe, expect, it } from 'vitest';
import { allTopics, deadLetterTopic, topics } from '../../../schemas/topics.ts';
import { LogError } from '../../kafka/errors.ts';
import {
  expectLayout,
  firstLayout,
  LAYOUT_KEY,
  LAYOUT_TOPIC,
  layoutRecord,
  readLayout,
  type WantedLayout,
} from '../../kafka/layout.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { setUpTopics } from './layout.ts';

const wants = (partitions: number | null): WantedLayout => ({ partitions, topologies: null });
const partitionsIn = (log: MemoryLog, { name }: { readonly name: string }): number => log.partitionsOf(name).length;

describe('the first start', () => {
  it.each([
    [null, 4],
    [1, 1],
    [16, 16],
    [256, 256],
  ])(
    'that asks for %s partitions gets %i, also of dead letters, and single topics stay single',
    async (wanted, count) => {
      const log = new MemoryLog();
      const created = await setUpTopics(log, wants(wanted));
      expect(created).toEqual(expect.arrayContaining([LAYOUT_TOPIC, topics.policyDecisions.name]));
      for (const topic of allTopics) expect(partitionsIn(log, topic)).toBe(topic.spread === 'single' ? 1 : count);
      expect(partitionsIn(log, { name: deadLetterTopic(topics.policyDecisions.name) })).toBe(count);
      expect(await readLayout(log)).toMatchObject({ epoch: 1, partitions: count, begins: {}, growing: null });
    },
  );

  it('is decided once: repeated, it creates nothing, with the same number or none', async () => {
    const log = new MemoryLog();
    await setUpTopics(log, wants(8));
    expect(await setUpTopics(log, wants(8))).toEqual([]);
    expect(await setUpTopics(log, wants(null))).toEqual([]);
    expect(await expectLayout(log, wants(null))).toMatchObject({ partitions: 8 });
  });

  it('waits for the leader of a topic that was just created', async () => {
    const log = new MemoryLog();
    const open = log.appender.bind(log);
    let refused = 0;
    log.appender = async () => {
      const appender = await open();
      const append = appender.append.bind(appender);
      appender.append = (records) => {
        if (refused > 0) return append(records);
        refused += 1;
        return Promise.reject(new LogError('LOG_UNAVAILABLE', 'This server is not the leader'));
      };
      return appender;
    };
    await setUpTopics(log, wants(4));
    expect([refused, (await readLayout(log))?.partitions]).toEqual([1, 4]);
  });

  it('that died before it wrote the layout is completed by the next one', async () => {
    const log = new MemoryLog();
    await setUpTopics(log, wants(4));
    const interrupted = new MemoryLog();
    await interrupted.createTopics([{ name: topics.policyDecisions.name, partitions: 4, config: {} }]);
    await setUpTopics(interrupted, wants(4));
    expect(await readLayout(interrupted)).toEqual(await readLayout(log));
  });
});

describe('a later start', () => {
  it('with another number is refused, with the variable, both numbers and the way out', async () => {
    const log = new MemoryLog();
    await setUpTopics(log, wants(4));
    for (const start of [setUpTopics(log, wants(8)), expectLayout(log, wants(8))])
      await expect(start).rejects.toMatchObject({
        code: 'PARTITIONS_MISMATCH',
        message: expect.stringMatching(/KHIPU_PARTITIONS: expected 4.*got 8.*khipu topics grow --to 8/),
      });
    await expect(expectLayout(log, wants(2))).rejects.toThrow('cannot have fewer partitions');
  });

  it('is refused when a topic was created with other partitions', async () => {
    const log = new MemoryLog();
    await log.createTopics([{ name: topics.auditEvents.name, partitions: 3, config: {} }]);
    await expect(setUpTopics(log, wants(4))).rejects.toMatchObject({
      code: 'PARTITIONS_MISMATCH',
      message: 'topic audit.events: expected 4 partitions, got 3',
    });
    expect(await readLayout(log)).toBeNull();
  });

  it('is refused while a growth is under way, with any number', async () => {
    const log = new MemoryLog();
    await setUpTopics(log, wants(4));
    const growing = { ...firstLayout(wants(4)), growing: { to: 8 } };
    await (await log.appender()).append([layoutRecord(LAYOUT_KEY, growing)]);
    for (const wanted of [null, 4, 8])
      for (const start of [setUpTopics(log, wants(wanted)), expectLayout(log, wants(wanted))])
        await expect(start).rejects.toMatchObject({
          code: 'PARTITIONS_GROWING',
          message: expect.stringContaining('khipu topics grow --to 8'),
        });
  });

  it('before any set-up is refused', async () => {
    await expect(expectLayout(new MemoryLog(), wants(null))).rejects.toMatchObject({ code: 'NOT_SET_UP' });
  });
});
