import { describe, expect, it } from 'vitest';
import { LogError } from './errors.ts';
import { MemoryLog } from './memory/log.ts';
import {
  OFFSETS_TOPIC,
  offsetKeyOf,
  offsetsPartitionOf,
  offsetValueOf,
  recalled,
  settledInLog,
} from './offsets-log.ts';
import type { OutgoingRecord } from './port.ts';

const GROUP = 'khipu.worker';
const TOPIC = 'slm.requests';
const PARTITIONS = 4;

/** Encodes a commit as Kafka 4.1 does: version 4 of the value, with compact strings. */
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
const committed = (partition: number, offset: number) => ({ topic: TOPIC, partition, offset, metadata: '' });

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

describe('offsets that the coordinator does not return', () => {
  it('are read from the log: the latest of each partition, with its metadata', async () => {
    const log = await logWith(
      commit(0, commitOf(7, 'a')),
      commit(1, commitOf(3, '')),
      commit(0, commitOf(94_989, 'x'.repeat(300))),
      commit(2, commitOf(5, ''), 'khipu.other'),
    );
    expect(await recalled(log, GROUP, [committed(0, -1), committed(1, -1), committed(2, -1)])).toEqual([
      { ...committed(0, 94_989), metadata: 'x'.repeat(300) },
      committed(1, 3),
      committed(2, -1),
    ]);
  });

  it('are -1 after a tombstone', async () => {
    const log = await logWith(commit(0, commitOf(7, '')), commit(0, null));
    expect(await recalled(log, GROUP, [committed(0, -1)])).toEqual([committed(0, -1)]);
  });

  it('are not looked up where the log is empty', async () => {
    const log = await logWith(commit(3, commitOf(9, '')));
    expect(await recalled(log, GROUP, [committed(3, -1)])).toEqual([committed(3, -1)]);
  });
});

describe('offsets that the coordinator returns', () => {
  it('are replaced by a later commit in the log, with its metadata', async () => {
    const log = await logWith(commit(0, commitOf(0, 'old')), commit(0, commitOf(7, 'a')));
    expect(await recalled(log, GROUP, [committed(0, 0)])).toEqual([{ ...committed(0, 7), metadata: 'a' }]);
  });

  it('stay where the log has an earlier one, or the same', async () => {
    const log = await logWith(commit(0, commitOf(0, 'in the log')), commit(1, commitOf(0, 'x')));
    const answered = [{ ...committed(0, 0), metadata: 'answered' }, committed(1, 1)];
    expect(await recalled(log, GROUP, answered)).toEqual(answered);
  });

  it('are not looked up at the end of their partition', async () => {
    const log = await logWith(commit(0, commitOf(9, '')));
    const readTo = () => Promise.reject(new Error('not needed'));
    const reads = { watermarks: (topics: readonly string[]) => log.watermarks(topics), readTo };
    expect(await recalled(reads, GROUP, [committed(0, 1)])).toEqual([committed(0, 1)]);
  });

  it('are looked up only in what is new since the last time', async () => {
    const log = await logWith(commit(0, commitOf(7, '')));
    const from: number[] = [];
    const reads: Parameters<typeof recalled>[0] = {
      watermarks: (topics) => log.watermarks(topics),
      readTo: (options) => {
        from.push(options.from[0]?.offset ?? -1);
        return log.readTo(options);
      },
    };
    await recalled(reads, GROUP, [committed(0, -1)]);
    const appender = await log.appender();
    await appender.append([commit(0, commitOf(8, ''))]);
    await appender.close();
    expect(await recalled(reads, GROUP, [committed(0, -1)])).toEqual([committed(0, 8)]);
    expect(await recalled(reads, GROUP, [committed(0, -1)])).toEqual([committed(0, 8)]);
    expect(from).toEqual([0, 1, 2]);
  });
});

describe('offsets that stay pending at the coordinator', () => {
  const places = [committed(0, -1), committed(1, -1)];

  it('are read from the log once no transaction is open before its end', async () => {
    const log = await logWith(commit(0, commitOf(7, 'a')));
    let looks = 0;
    const reads: Parameters<typeof settledInLog>[0] = {
      readTo: (options) => log.readTo(options),
      watermarks: async (topics) => {
        looks += 1;
        const open = looks === 1 ? 1 : 0;
        return (await log.watermarks(topics)).map((mark) => ({ ...mark, high: Math.max(0, mark.high - open) }));
      },
    };
    expect(await settledInLog(reads, GROUP, places, { end: 1 })).toEqual([
      { ...committed(0, 7), metadata: 'a' },
      committed(1, -1),
    ]);
    expect(looks).toBeGreaterThan(1);
  });

  it('are unknown while a transaction before the end stays open', async () => {
    const log = await logWith(commit(0, commitOf(7, 'a')));
    const settled = settledInLog(log, GROUP, places, { end: 2, waitMs: 0 });
    await expect(settled).rejects.toMatchObject({ code: 'TRANSACTION_HANGING', disposition: 'restart' });
    await expect(settled).rejects.toThrow(
      `${OFFSETS_TOPIC} ${offsetsPartitionOf(GROUP, PARTITIONS)} is readable up to 1 of 2`,
    );
  });
});

describe('the offsets topic', () => {
  const failing = async (message: string) => {
    const log = await logWith(commit(0, commitOf(7, '')));
    const readTo = () => Promise.reject(new LogError('LOG_PROTOCOL', message));
    return recalled({ watermarks: (topics) => log.watermarks(topics), readTo }, GROUP, [committed(0, -1)]);
  };

  it('when not readable, leaves the offsets of the coordinator', async () => {
    expect(await failing('Not authorized to access topics: [Topic authorization failed]')).toEqual([committed(0, -1)]);
    expect(await failing('denied TOPIC_AUTHORIZATION_FAILED')).toEqual([committed(0, -1)]);
  });

  it('when unavailable, rejects, because a missing commit cannot be committed from an unread one', async () => {
    await expect(failing('UNKNOWN_TOPIC_OR_PARTITION')).rejects.toMatchObject({ code: 'LOG_PROTOCOL' });
  });
});

describe('the bytes of a commit', () => {
  it.each([
    ['khipu.worker', 4, 1],
    ['khipu.relay', 4, 0],
    ['khipu.counter', 4, 3],
    ['khipu.projection.tally', 4, 2],
  ])('of %s is in one of %i partitions: %i, as in the broker', (group, partitions, home) => {
    expect(offsetsPartitionOf(group, partitions)).toBe(home);
  });

  it('are also read in the older version, and rejected in an unknown one', () => {
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
