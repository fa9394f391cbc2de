import { beforeEach, describe, expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { localDecoder } from '../../runner/testing/processors.ts';
import { beginOf } from '../commands/tail.ts';
import { styleOf } from '../show/style.ts';
import { expectTopic } from './known-topic.ts';
import { recordText } from './print-record.ts';
import { isSelected } from './select.ts';
import type { TailRecord } from './tail-record.ts';
import { tailTopic } from './tail-topic.ts';

const decoder = localDecoder();
const topic = topics.revocationsEvents.name;
const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const revoked = (n: number, tenantId = 'a') =>
  toOutgoing(decoder.codec, {
    record: {
      type: 'TokensRevoked',
      data: { scope: 'tenant', issuedUntil: n, revokedBy: 'user:ana', reason: 'lost' },
    },
    ...{ topic, key: `${tenantId}:${n}`, id: uuid(n), source: 'khipu/revocations', tenantId, place: null },
    ...{ correlationId: uuid(0), causationId: uuid(0), timeMs: 1_000, traceparent: '' },
  });

let log: MemoryLog;
beforeEach(async () => {
  log = new MemoryLog();
  await log.createTopics([{ name: topic, partitions: 1, config: {} }]);
});

const append = async (...records: ReturnType<typeof revoked>[]): Promise<void> => {
  const appender = await log.appender();
  await appender.append(records);
  await appender.close();
};

async function tailed(options: Partial<Parameters<typeof tailTopic>[1]>, during?: () => Promise<void>) {
  const read: TailRecord[] = [];
  const signal = AbortSignal.timeout(5_000);
  const reading = tailTopic(
    { log, decoder },
    { topic, from: 'beginning', follow: false, signal, ...options },
    (record) => read.push(record),
  );
  await during?.();
  await reading;
  return read;
}

describe('tail', () => {
  it('decodes the records that the topic has', async () => {
    await append(revoked(1), revoked(2));
    const read = await tailed({});
    expect(read).toMatchObject([
      { offset: 0, type: 'TokensRevoked', tenant: 'a', key: 'a:1', id: uuid(1), error: null, data: { reason: 'lost' } },
      { offset: 1 },
    ]);
  });

  it('follows the topic until its limit', async () => {
    await append(revoked(1));
    const read = await tailed({ from: 'end', follow: true, limit: 2 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await append(revoked(2), revoked(3), revoked(4));
    });
    expect(read.map(({ offset }) => offset)).toEqual([1, 2]);
  });

  it.each([false, true])('begins at a time without reading what is before it (follow: %s)', async (follow) => {
    const at = (record: ReturnType<typeof revoked>, timestampMs: number) => ({ ...record, timestampMs });
    await append(at(revoked(1), 1_000), at(revoked(2), 2_000), at(revoked(3), 500), at(revoked(4), 3_000));
    const fetched: number[] = [];
    const readTo = log.readTo.bind(log);
    log.readTo = (options) => {
      fetched.push(...options.from.map(({ offset }) => offset));
      return readTo(options);
    };
    const read = await tailed({ from: 2_000, follow, limit: 2 });
    expect(read.map(({ offset }) => offset)).toEqual([1, 3]);
    expect(fetched).toEqual(follow ? [] : [1]);
  });

  it('ends when it is stopped', async () => {
    const stopped = new AbortController();
    const read = await tailed({ follow: true, signal: stopped.signal }, async () => stopped.abort());
    expect(read).toEqual([]);
  });

  it('shows a value that cannot be decoded, with the code of the error', async () => {
    const { headers, ...rest } = revoked(1);
    await append({ ...rest, headers, value: Buffer.from('not avro') });
    await append({ ...rest, headers: {}, value: Buffer.from('{"version":3}') });
    expect(await tailed({})).toMatchObject([
      { error: 'BYTES_NOT_FRAMED', data: Buffer.from('not avro').toString('base64') },
      { error: null, type: null, data: { version: 3 } },
    ]);
  });

  it('prints the envelope, then the data', async () => {
    await append(revoked(1));
    const [record] = await tailed({});
    const text = record === undefined ? '' : recordText(record, styleOf(process.stdout, {}));
    expect(text).toMatch(
      new RegExp(`^[\\d:.]{12}  ${topic}/0@0  TokensRevoked  key a:1  tenant a\\n  \\{.*"lost".*\\}$`),
    );
  });
});

describe('a selection', () => {
  const record: LogRecord = {
    ...{ topic, partition: 0, offset: 0, key: 'k', value: null, timestampMs: 500 },
    headers: { ce_tenantid: 'a', ce_type: 'khipu.revocations.TokensRevoked' },
  };
  it.each([
    [{}, true],
    [{ key: 'k', tenant: 'a', type: 'TokensRevoked', sinceMs: 500 }, true],
    [{ type: 'khipu.revocations.TokensRevoked' }, true],
    [{ key: 'other' }, false],
    [{ tenant: 'b' }, false],
    [{ type: 'Revoked' }, false],
    [{ sinceMs: 501 }, false],
  ])('%o', (filter, expected) => {
    expect(isSelected(record, filter)).toBe(expected);
  });

  it('begins at an end, at a time, or some time ago', () => {
    expect(beginOf('end')).toBe('end');
    expect(beginOf('2026-11-29T00:00:00Z')).toBe(Date.parse('2026-11-29T00:00:00Z'));
    expect(beginOf('10m', 1_000_000)).toBe(400_000);
    expect(() => beginOf('soon')).toThrow(/beginning, end/);
  });

  it('is refused for a topic that is not in the catalogue, with the names that resemble it', () => {
    expect(() => expectTopic('sessions.events.dlq')).not.toThrow();
    expect(() => expectTopic('sessions.event')).toThrow(
      expect.objectContaining({ code: 'TOPIC_UNKNOWN', message: expect.stringContaining('sessions.events') }),
    );
  });
});
