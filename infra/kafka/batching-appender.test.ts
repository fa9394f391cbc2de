import { describe, expect, it } from 'vitest';
import { BatchingAppender, type Sender } from './batching-appender.ts';
import { LogError } from './errors.ts';
import type { OutgoingRecord, Position } from './port.ts';
import { RECORD_BYTES_MAX } from './record-size.ts';

const record = (key: string, bytes = 1): OutgoingRecord => ({
  ...{ topic: 't', partition: 0, key, value: Buffer.alloc(bytes), headers: {} },
});
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A driver whose sends end when the test says so. */
function open(limits: Partial<ConstructorParameters<typeof BatchingAppender>[1]> = {}) {
  const sends: { readonly keys: readonly (string | null)[]; readonly answer: PromiseWithResolvers<void> }[] = [];
  let discarded = 0;
  let closed = false;
  let next = 0;
  const sender: Sender = {
    ...{ recordsMax: 3, bytesMax: 1_000 },
    async send(records): Promise<readonly Position[]> {
      const answer = Promise.withResolvers<void>();
      sends.push({ keys: records.map(({ key }) => key), answer });
      await answer.promise;
      return records.map(({ topic }) => ({ topic, partition: 0, offset: next++ }));
    },
    discardProducer: () => {
      discarded += 1;
    },
    close: async () => {
      closed = true;
    },
  };
  const appender = new BatchingAppender(sender, { lingerMs: 0, pendingMax: 10, ...limits });
  const sent = () => sends.map(({ keys }) => keys.join(''));
  const counts = () => ({ discarded, closed });
  return { appender, sends, sent, counts };
}

describe('a batching appender', () => {
  it('sends the first append at once, and those made meanwhile together', async () => {
    const { appender, sends, sent } = open();
    const first = appender.append([record('a')]);
    const others = [appender.append([record('b')]), appender.append([record('c'), record('d')])];
    await tick();
    expect(sent()).toEqual(['a']);
    sends[0]?.answer.resolve();
    expect((await first).map(({ offset }) => offset)).toEqual([0]);
    await tick();
    expect(sent()).toEqual(['a', 'bcd']);
    sends[1]?.answer.resolve();
    expect((await Promise.all(others)).map((positions) => positions.map(({ offset }) => offset))).toEqual([
      [1],
      [2, 3],
    ]);
  });

  it('bounds a send in records and in bytes', async () => {
    const { appender, sends, sent } = open();
    const all = [record('a'), record('b'), record('c', 600), record('d', 600), record('e')];
    const appended = all.map((each) => appender.append([each]));
    for (let at = 0; at < 4; at += 1) {
      await tick();
      sends[at]?.answer.resolve();
    }
    await Promise.all(appended);
    expect(sent()).toEqual(['a', 'bc', 'de']);
  });

  it('refuses all waiting appends when the log is unavailable, and new ones for a short time', async () => {
    const { appender, sends, counts } = open();
    const appended = [appender.append([record('a')]), appender.append([record('b')])];
    const outcomes = Promise.allSettled(appended);
    await tick();
    sends[0]?.answer.reject(new LogError('LOG_UNAVAILABLE', 'no answer'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(appender.append([record('c')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect([sends.length, counts().discarded]).toEqual([1, 1]);
  });

  it('rejects only the failed send on another error, and continues', async () => {
    const { appender, sends, sent } = open();
    const first = appender.append([record('a')]);
    const second = appender.append([record('b')]);
    await tick();
    sends[0]?.answer.reject(new LogError('LOG_FORBIDDEN', 'no leave'));
    await expect(first).rejects.toMatchObject({ code: 'LOG_FORBIDDEN' });
    await tick();
    sends[1]?.answer.resolve();
    await second;
    expect(sent()).toEqual(['a', 'b']);
  });

  it('refuses appends beyond the bound, and a record that is too large', async () => {
    const { appender, sends } = open({ pendingMax: 2 });
    const appended = appender.append([record('a'), record('b')]);
    await expect(appender.append([record('c')])).rejects.toMatchObject({ code: 'LOG_OVERLOADED' });
    await tick();
    sends[0]?.answer.resolve();
    await appended;
    const large = record('d', RECORD_BYTES_MAX);
    await expect(appender.append([large])).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(await appender.append([])).toEqual([]);
  });

  it('sends waiting records before it closes, and refuses later appends', async () => {
    const { appender, sends, counts } = open();
    const appended = appender.append([record('a')]);
    const closed = appender.close();
    await tick();
    expect(counts().closed).toBe(false);
    sends[0]?.answer.resolve();
    await Promise.all([appended, closed]);
    expect(counts().closed).toBe(true);
    await expect(appender.append([record('b')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  });
});
