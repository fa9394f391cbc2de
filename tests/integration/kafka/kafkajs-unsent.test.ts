import Cluster from 'kafkajs/src/cluster/index.js';
import { afterEach, describe, expect, it } from 'vitest';
import { expectTexts, openBench, outgoing, unique } from '../../../infra/kafka/contract/testing.ts';
import { openLog } from './open-log.ts';

const { findBroker } = Cluster.prototype;

/**
 * Does what kafkajs 2.2 does to itself when a broker is lost while metadata is refreshed: the connection to a broker gets
 * the node id of another one.
 */
function confuseNodeIds(): void {
  Cluster.prototype.findBroker = async function findConfused(question) {
    return Object.assign(Object.create(await findBroker.call(this, question)), { nodeId: '99' });
  };
}

describe('records that kafkajs does not send, without an error', () => {
  afterEach(() => {
    Cluster.prototype.findBroker = findBroker;
  });
  const { log, topic } = openBench(async () => {
    const opened = openLog();
    return { log: opened, close: () => opened.close() };
  });

  it('fail their transaction: offsets are not committed without their outputs', async () => {
    const name = await topic();
    const group = unique('group');
    const id = unique('id');
    const offsets = [{ topic: name, partition: 0, offset: 5, metadata: '' }];
    const transactor = await log().transactor(id);
    confuseNodeIds();
    const commit = transactor.commit({ records: [outgoing(name, 'lost')], group, offsets });
    await expect(commit).rejects.toMatchObject({ code: 'TRANSACTION_FAILED', message: expect.stringContaining(name) });
    Cluster.prototype.findBroker = findBroker;
    await transactor.close();
    const next = await log().transactor(id);
    await next.commit({ records: [outgoing(name, 'kept')], group, offsets: [] });
    await next.close();
    await expectTexts(log(), name, ['kept']);
    expect(await log().committed(group, [name])).toMatchObject([{ offset: -1 }]);
  });

  it('refuse their append, and the next one is sent by another producer', async () => {
    const name = await topic();
    const appender = await log().appender();
    await appender.append([outgoing(name, 'first')]);
    confuseNodeIds();
    await expect(appender.append([outgoing(name, 'lost')])).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    Cluster.prototype.findBroker = findBroker;
    const sent = () => appender.append([outgoing(name, 'second')]);
    await expect
      .poll(
        () =>
          sent().then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    await appender.close();
    await expectTexts(log(), name, ['first', 'second']);
  });
});
