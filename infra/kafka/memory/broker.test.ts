import { describe, expect, it } from 'vitest';
import { outgoing, textsOf } from '../contract/testing.ts';
import { MemoryBroker } from './broker.ts';
import { SESSION_TIMEOUT_MS } from './group.ts';
import { VirtualTime } from './virtual-time.ts';

const TIMEOUT_MS = 15_000;

/** A broker whose markers wait until the test writes them, one by one. */
function open() {
  const time = new VirtualTime();
  const markers: { subject: string; write: () => void }[] = [];
  const pass = (_: 'mark', subject: string) =>
    new Promise<void>((resolve) => markers.push({ subject, write: resolve }));
  const broker = new MemoryBroker({ clock: time.clock, pass });
  broker.createTopics(['in', 'out'].map((name) => ({ name, partitions: 2, config: {} })));
  const begin = (id: string, text: string, offset = 0) => {
    const identity = broker.transactions.initialize(id, TIMEOUT_MS);
    broker.transactions.enlist(identity, [broker.partition('out', 0)], ['g', broker.offsetsOf('g')]);
    broker.write(identity, [outgoing('out', text)]);
    broker.transactions.stage(identity, 'g', [{ topic: 'in', partition: 0, offset, metadata: '' }]);
    return identity;
  };
  const writeMarkers = async (of = ''): Promise<void> => {
    for (const marker of markers.splice(0)) {
      if (marker.subject.includes(of)) marker.write();
      else markers.push(marker);
    }
    await time.settle();
  };
  const seen = (): string[] => textsOf(broker.partition('out', 0).fetch(0).records);
  const offset = (): number => broker.offsetsOf('g').read('in', 0).offset;
  return { broker, time, begin, writeMarkers, seen, offset };
}

describe('transactions of the memory broker', () => {
  it('become visible when their markers are written, not when their commit is answered', async () => {
    const { broker, begin, writeMarkers, seen, offset } = open();
    const identity = begin('a', 'one', 5);
    broker.append([outgoing('out', 'behind')]);
    expect(broker.watermarks(['out'])[0]).toMatchObject({ high: 0 });
    broker.transactions.end(identity, 'committed');
    expect([seen(), offset()]).toEqual([[], -1]);
    await writeMarkers('out/0');
    expect([seen(), offset()]).toEqual([['one', 'behind'], -1]);
    await writeMarkers();
    expect(offset()).toBe(5);
  });

  it('block readers while open, and are skipped when aborted', async () => {
    const { broker, begin, writeMarkers, seen, offset } = open();
    const [first, second] = [begin('a', 'one', 1), begin('b', 'two', 2)];
    broker.transactions.end(second, 'committed');
    await writeMarkers();
    expect(seen()).toEqual([]);
    broker.transactions.end(first, 'aborted');
    await writeMarkers();
    expect([seen(), offset()]).toEqual([['two'], 2]);
  });

  it('keep the offset of the later record, in any order of the markers', async () => {
    const { broker, begin, writeMarkers, offset } = open();
    const [first, second] = [begin('a', 'one', 1), begin('b', 'two', 2)];
    broker.transactions.end(first, 'committed');
    broker.transactions.end(second, 'committed');
    await writeMarkers('b committed');
    await writeMarkers('a committed');
    expect(offset()).toBe(2);
  });

  it('are aborted by the next holder of the id, which waits for the markers; the older holder is fenced', async () => {
    const { broker, begin, writeMarkers, seen } = open();
    const { transactions } = broker;
    const old = begin('a', 'zombie');
    expect(() => transactions.initialize('a', TIMEOUT_MS)).toThrow('CONCURRENT_TRANSACTIONS');
    expect(() => transactions.end(old, 'committed')).toThrow(expect.objectContaining({ code: 'FENCED' }));
    await writeMarkers();
    const young = transactions.initialize('a', TIMEOUT_MS);
    transactions.enlist(young, [broker.partition('out', 0)], null);
    expect(() => broker.write(old, [outgoing('out', 'zombie')])).toThrow(expect.objectContaining({ code: 'FENCED' }));
    expect(seen()).toEqual([]);
  });

  it('are completed once decided, and the next holder waits for that', async () => {
    const { broker, begin, writeMarkers, seen, offset } = open();
    const old = begin('a', 'decided', 3);
    broker.transactions.end(old, 'committed');
    expect(() => broker.transactions.initialize('a', TIMEOUT_MS)).toThrow('CONCURRENT_TRANSACTIONS');
    expect(() => broker.transactions.enlist(old, [], null)).toThrow('CONCURRENT_TRANSACTIONS');
    await writeMarkers();
    expect(broker.transactions.initialize('a', TIMEOUT_MS).epoch).toBe(old.epoch + 1);
    expect([seen(), offset()]).toEqual([['decided'], 3]);
  });

  it('are aborted when they stay open too long', async () => {
    const { broker, time, begin, writeMarkers, seen } = open();
    const slow = begin('a', 'too late');
    await time.pass(TIMEOUT_MS);
    expect(() => broker.transactions.end(slow, 'committed')).toThrow(expect.objectContaining({ code: 'FENCED' }));
    await writeMarkers();
    expect([seen(), broker.partition('out', 0).stableEnd]).toEqual([[], 2]);
  });

  it('reject a write to a partition that was not added', () => {
    const { broker } = open();
    const identity = broker.transactions.initialize('a', TIMEOUT_MS);
    const write = () => broker.write(identity, [outgoing('out', 'stray')]);
    expect(write).toThrow('is empty');
    broker.transactions.enlist(identity, [broker.partition('out', 1)], null);
    expect(write).toThrow('does not include the partition');
    expect(broker.partition('out', 0).entries).toEqual([]);
  });
});

const START = { startedMs: 0, restarts: 0 };

describe('groups of the memory broker', () => {
  it('expel a silent member, and report it at its next heartbeat', async () => {
    const { broker, time } = open();
    const group = broker.group('g');
    const first = await group.join(null, ['in'], START);
    expect(first.assigned).toEqual({ in: [0, 1] });
    await time.pass(SESSION_TIMEOUT_MS - 1);
    group.heartbeat(first.memberId, first.generation);
    await time.pass(SESSION_TIMEOUT_MS);
    expect(() => group.heartbeat(first.memberId, first.generation)).toThrow('UNKNOWN_MEMBER_ID');
  });

  it('answer a join when every other member has rejoined or was expelled', async () => {
    const { broker, time } = open();
    const group = broker.group('g');
    const first = await group.join(null, ['in'], START);
    const joining = group.join(null, ['in'], START);
    expect(() => group.heartbeat(first.memberId, first.generation)).toThrow('REBALANCE_IN_PROGRESS');
    const again = group.join(first.memberId, ['in'], START);
    const [second, rejoined] = await Promise.all([joining, again]);
    expect([rejoined.assigned, second.assigned]).toEqual([{ in: [0] }, { in: [1] }]);
    expect(() => group.heartbeat(first.memberId, first.generation)).toThrow('ILLEGAL_GENERATION');
    const third = group.join(second.memberId, ['in'], START);
    await time.pass(SESSION_TIMEOUT_MS);
    expect((await third).assigned).toEqual({ in: [0, 1] });
  });
});
