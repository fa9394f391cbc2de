import { describe, expect, it } from 'vitest';
import { LogError } from './errors.ts';
import type { OutgoingRecord } from './log.ts';
import { MemoryLog } from './memory/log.ts';
import { OFFSETS_TOPIC, offsetKeyOf, offsetsPartitionOf, offsetValueOf, recalled } from './offsets-log.ts';

const GROUP = 'khipu.worker';
const TOPIC = 'slm.requests';
const PARTITIONS = 4;

/** As Kafka 4.1 writes a commit: version 4 of the value, with compact strings. */
function commitOf(offset: number, metadata: string): Buffer {
  const text = Buffer.from(metadata);
  const head = Buffer.alloc(14);
  head.writeInt16BE(4, 0);
  head.writeBigInt64BE(BigInt(offset), 2);
  head.writeInt32BE(-1, 10);
  const length: number[] = [];
  for (let rest = text.length + 1; ; rest >>>= 7) {
    length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) break;
  }
  return Buffer.concat([head, Buffer.from(length), text, Buffer.alloc(8), Buffer.from([0])]);
}

const commit = (partition: number, value: Buffer | null, group = GROUP): OutgoingRecord => ({
  topic: OFFSETS_TOPIC,
  partition: offsetsPartitionOf(group, PARTITIONS),
  key: offsetKeyOf(group, TOPIC, partition),
  value,
  headers: {},
});
const told = (partition: number, offset: number) => ({ topic: TOPIC, partition, offset, metadata: '' });

async function logWith(...commits: readonly OutgoingRecord[]): Promise<MemoryLog> {
  const log = new MemoryLog();
  await log.createTopics([
    { name: OFFSETS_TOPIC, partitions: PARTITIONS, config: {} },
    { name: TOPIC, partitions: PARTITIONS, config: {} },
  ]);
  const appender = await log.appender();
  const written = [0, 1, 2].map((partition) => ({ topic: TOPIC, partition, key: 'k', value: null, headers: {} }));
  await appender.append([...written, ...commits]);
  await appender.close();
  return log;
}

describe('offsets of which the coordinator knows nothing', () => {
  it('are those of the log, the latest of each, with what was said with them', async () => {
    const log = await logWith(
      commit(0, commitOf(7, 'a')),
      commit(1, commitOf(3, '')),
      commit(0, commitOf(94_989, 'x'.repeat(300))),
      commit(2, commitOf(5, ''), 'khipu.other'),
    );
    expect(await recalled(log, GROUP, [told(0, -1), told(1, -1), told(2, -1)])).toEqual([
      { ...told(0, 94_989), metadata: 'x'.repeat(300) },
      told(1, 3),
      told(2, -1),
    ]);
  });

  it('are none where they were taken back', async () => {
    const log = await logWith(commit(0, commitOf(7, '')), commit(0, null));
    expect(await recalled(log, GROUP, [told(0, -1)])).toEqual([told(0, -1)]);
  });

  it('are not asked for where the coordinator knows, nor where nothing was ever written', async () => {
    const log = await logWith(commit(0, commitOf(7, '')), commit(3, commitOf(9, '')));
    expect(await recalled(log, GROUP, [told(0, 4), told(3, -1)])).toEqual([told(0, 4), told(3, -1)]);
  });
});

describe('a log of offsets', () => {
  const failing = async (message: string) => {
    const log = await logWith(commit(0, commitOf(7, '')));
    const readTo = () => Promise.reject(new LogError('LOG_PROTOCOL', message));
    return recalled({ watermarks: (topics) => log.watermarks(topics), readTo }, GROUP, [told(0, -1)]);
  };

  it('that is hidden leaves the word of the coordinator', async () => {
    expect(await failing('Not authorized to access topics: [Topic authorization failed]')).toEqual([told(0, -1)]);
    expect(await failing('denied TOPIC_AUTHORIZATION_FAILED')).toEqual([told(0, -1)]);
  });

  it('that is away lets nobody begin: that there is nothing is not known then', async () => {
    await expect(failing('UNKNOWN_TOPIC_OR_PARTITION')).rejects.toMatchObject({ code: 'LOG_PROTOCOL' });
  });
});

describe('the bytes of a commit', () => {
  it.each([
    ['khipu.worker', 4, 1],
    ['khipu.relay', 4, 0],
    ['khipu.counter', 4, 3],
    ['khipu.projection.tally', 4, 2],
  ])('%s of %i partitions stands in %i, as the broker has it', (group, partitions, home) => {
    expect(offsetsPartitionOf(group, partitions)).toBe(home);
  });

  it('are read in the older form, too, and not in one that is not known', () => {
    const older = Buffer.alloc(14 + 2 + 2 + 8);
    older.writeInt16BE(3, 0);
    older.writeBigInt64BE(12n, 2);
    older.writeInt16BE(2, 14);
    older.write('ab', 16);
    expect(offsetValueOf(older)).toEqual({ offset: 12, metadata: 'ab' });
    older.writeInt16BE(5, 0);
    expect(offsetValueOf(older)).toBeNull();
  });
});
