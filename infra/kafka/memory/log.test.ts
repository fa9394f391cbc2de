import { describe, expect, it } from 'vitest';
import { describeLogContract } from '../contract/log-contract.ts';
import { eventually, outgoing, Recorder, readWhole, textsOf } from '../contract/testing.ts';
import { MemoryLog } from './log.ts';

describeLogContract('memory', async () => {
  const log = new MemoryLog();
  return { log, close: () => log.close() };
});

describe('the memory log', () => {
  const open = async (options: ConstructorParameters<typeof MemoryLog>[0] = {}): Promise<MemoryLog> => {
    const log = new MemoryLog(options);
    await log.createTopics([{ name: 't', partitions: 2, config: {} }]);
    return log;
  };

  it('rejects all requests while unavailable, and continues afterwards', async () => {
    const log = await open();
    const appender = await log.appender();
    log.away = true;
    await expect(appender.append([outgoing('t', 'a')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await expect(log.ping()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    log.away = false;
    await appender.append([outgoing('t', 'b')]);
    expect(textsOf(await readWhole(log, 't'))).toEqual(['b']);
  });

  it('lets a scheduler crash a commit before and after its effect', async () => {
    let crashAt = 'commit';
    const log = await open({
      yield: async (point) => {
        if (point === crashAt) throw new Error(`crashed at ${point}`);
      },
    });
    const commit = async (text: string): Promise<void> =>
      (await log.transactor('id')).commit({ records: [outgoing('t', text)], group: 'g', offsets: [] });
    await expect(commit('before')).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
    crashAt = 'committed';
    await expect(commit('after')).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
    crashAt = '';
    expect(textsOf(await readWhole(log, 't'))).toEqual(['after']);
  });

  it('reassigns partitions on request, as after a session timeout', async () => {
    const log = await open();
    const member = new Recorder();
    await log.join({ group: 'g', topics: ['t'], handlers: member });
    await eventually(() => expect(member.assignments).toHaveLength(1));
    log.rebalance('g');
    await eventually(() => expect(member.assignments).toHaveLength(2));
    expect(member.assignments[1]?.generation).toBeGreaterThan(member.assignments[0]?.generation ?? 0);
    await log.close();
  });

  it('rejects topics and partitions that were not created', async () => {
    const log = await open();
    const appender = await log.appender();
    await expect(log.watermarks(['unknown'])).rejects.toMatchObject({ code: 'LOG_PROTOCOL' });
    const unknown = outgoing('t', 'a', { partition: 2 });
    await expect(appender.append([unknown])).rejects.toMatchObject({ code: 'LOG_PROTOCOL' });
  });
});
