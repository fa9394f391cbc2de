import { describe, expect, it } from 'vitest';
import { numbered } from '../../kafka/contract/testing.ts';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { bytesOf, RECORD_BYTES_MAX } from '../../kafka/record-size.ts';
import { open } from '../testing/attempts.ts';
import { quiet, watch } from '../testing/by-hand.ts';
import { answer } from '../testing/processors.ts';
import { recordAt, textsOf } from '../testing/worker.ts';

const idsOf = (records: readonly OutgoingRecord[]): (string | undefined)[] => records.map((r) => r.headers['ce_id']);
const large = answer('a', 1, 'x'.repeat(1_000_000));

describe('the outputs of a run', () => {
  it('are written within 2 ms, in order, caused by the record, with the current time', async () => {
    const { settle, handler, transactor, clock, pass } = await open();
    await settle();
    const { emit, meta } = handler.last.context;
    await emit(answer('a', 1, '0'), answer('a', 1, '1'));
    await emit(answer('a', 1, '2'));
    const time = new Date(clock.now()).toISOString();
    await pass(2);
    expect(textsOf(transactor.records)).toEqual(['0', '1', '2']);
    const [first] = transactor.records;
    expect(first).toMatchObject({ topic: 'inference.events', key: 'a' });
    expect(first?.headers).toMatchObject({
      ce_causationid: meta.id,
      ce_tenantid: 't',
      ce_source: 'khipu/work',
      ce_time: time,
    });
  });

  it('have ids of their run: another run, and the end of the work, emit other records', async () => {
    const { settle, handler, transactor, pass } = await open({ attemptsMax: 2 });
    handler.onAbandon = ({ emit }) => emit(answer('a', 1, '0'), answer('a', 1, '1'));
    await settle();
    await handler.last.context.emit(answer('a', 1, '0'), answer('a', 1, '1'));
    await handler.last.fail();
    await pass(200);
    await handler.last.context.emit(answer('a', 1, '0'));
    await handler.last.context.emit(answer('a', 1, '1'));
    await handler.last.fail();
    await pass(2);
    expect(textsOf(transactor.records)).toEqual(['0', '1', '0', '1', '0', '1']);
    expect(new Set(idsOf(transactor.records)).size).toBe(6);
  });

  it('have the same ids when another owner makes the same run again', async () => {
    const record = recordAt(0, 'a', 'x');
    const ids: unknown[] = [];
    for (const _ of ['one owner', 'the next']) {
      const { settle, handler, transactor, pass } = await open();
      await settle(record);
      await handler.last.context.emit(answer('a', 1, '0'));
      await pass(2);
      ids.push(idsOf(transactor.records));
    }
    expect(ids[0]).toHaveLength(1);
    expect(ids[1]).toEqual(ids[0]);
  });

  it('have ids that do not change between releases: a run may be repeated by a newer one', async () => {
    const { settle, handler, transactor, pass } = await open();
    await settle(recordAt(0, 'a', 'x', { ce_id: '00000000-0000-4000-8000-000000000001' }));
    await handler.last.context.emit(answer('a', 1, '0'), answer('a', 1, '1'));
    await pass(2);
    expect(idsOf(transactor.records)).toEqual([
      '5a55df67-3d47-56f2-a7b8-d9ff5f1d20a2',
      '64745194-46ef-5283-b1e4-284391fc504a',
    ]);
  });

  it('wait for room', async () => {
    const { settle, handler, transactor } = await open();
    transactor.hold();
    await settle();
    const many = numbered(2_000).map((text) => answer('a', 1, text));
    const emitted = watch(handler.last.context.emit(...many));
    await quiet();
    expect(emitted.over).toBe(false);
    await transactor.answer();
    expect(emitted).toEqual({ over: true, value: undefined });
  });

  it('are refused when one is larger than the log takes, and none is written', async () => {
    const { settle, handler, transactor } = await open();
    await settle();
    const { emit } = handler.last.context;
    await expect(emit(answer('a', 1, '0'), large)).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
      message: expect.stringMatching(/^1000\d\d\d bytes to inference.events$/),
    });
    await quiet();
    expect(transactor.records).toEqual([]);
  });

  it('may have exactly the size limit of the log', async () => {
    const { settle, handler, transactor, pass } = await open();
    await settle();
    const { emit } = handler.last.context;
    const chars = 990_000;
    await emit(answer('a', 1, 'x'.repeat(chars)));
    await pass(2);
    const around = bytesOf(transactor.records[0] as OutgoingRecord) - chars;
    await emit(answer('a', 1, 'x'.repeat(RECORD_BYTES_MAX - around)));
    await pass(2);
    expect(transactor.records.map(bytesOf)).toEqual([chars + around, RECORD_BYTES_MAX]);
    await expect(emit(answer('a', 1, 'x'.repeat(RECORD_BYTES_MAX - around + 1)))).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
    });
  });

  it('are refused when the partition is lost, also during a transaction', async () => {
    const { settle, handler, lose, transactor } = await open();
    transactor.hold();
    await settle();
    await lose();
    await expect(handler.last.context.emit(answer('a', 1, 'too late'))).rejects.toMatchObject({ code: 'FENCED' });
    await transactor.answer();
    expect([transactor.batches.length, transactor.records]).toEqual([1, []]);
  });
});

describe('records that a run commits', () => {
  it('are in the log when the call resolves, with the count of the run in the same transaction', async () => {
    const { settle, handler, transactor } = await open({}, '', 0);
    await settle();
    transactor.hold();
    const committed = watch(handler.last.context.commit(answer('a', 1, '0')));
    await quiet();
    expect([committed.over, textsOf(transactor.records)]).toEqual([false, ['0']]);
    expect(transactor.batches.at(-1)?.offsets[0]?.metadata).toBe('1;;0:1');
    await transactor.answer();
    expect([committed.over, committed.error]).toEqual([true, undefined]);
  });

  it('are refused when one is larger than the log takes, and none is written', async () => {
    const { settle, handler, transactor, pass } = await open();
    await settle();
    const { commit } = handler.last.context;
    await expect(commit(answer('a', 1, '0'), answer('a', 1, 'x'.repeat(1_100_000)))).rejects.toMatchObject({
      code: 'RECORD_TOO_LARGE',
    });
    await pass(2);
    expect(transactor.records).toEqual([]);
  });

  it('are refused when the partition is lost', async () => {
    const { settle, handler, lose } = await open();
    await settle();
    await lose();
    await expect(handler.last.context.commit(answer('a', 1, '0'))).rejects.toMatchObject({ code: 'FENCED' });
  });
});

describe('a run', () => {
  it('knows whether its record was there when the partition was taken over', async () => {
    const { settle, handler } = await open({}, '', 3);
    await settle(recordAt(2, 'a', 'x'));
    await settle(recordAt(3, 'b', 'y'));
    expect(handler.runs.map(({ context }) => context.inherited)).toEqual([true, false]);
  });
});

describe('the final outputs of a run', () => {
  it('are kept for the transaction that finishes the record, and returned once', async () => {
    const { settle, handler, transactor, attempts } = await open();
    await settle(recordAt(3, 'a', 'x'));
    handler.last.context.end(answer('a', 1, 'first'));
    handler.last.context.end(answer('a', 1, 'second'), answer('a', 1, 'third'));
    await handler.last.done();
    expect(transactor.records).toEqual([]);
    expect(attempts.takeEnd(2)).toEqual([]);
    expect(textsOf(attempts.takeEnd(3))).toEqual(['second', 'third']);
    expect(attempts.takeEnd(3)).toEqual([]);
  });

  it('are discarded when it throws afterwards', async () => {
    const { settle, handler, attempts, pass } = await open();
    await settle();
    handler.last.context.end(answer('a', 1, 'not so'));
    await handler.last.fail();
    await pass(200);
    await handler.last.done();
    expect(attempts.takeEnd(0)).toEqual([]);
  });

  it('are those of `abandon` when it is abandoned', async () => {
    for (const finals of [['gave up'], []]) {
      const { settle, handler, attempts } = await open({ attemptsMax: 1 });
      handler.onAbandon = async ({ end }) => {
        if (finals.length > 0) end(...finals.map((text) => answer('a', 1, text)));
      };
      await settle();
      handler.last.context.end(answer('a', 1, 'not so'));
      await handler.last.fail();
      expect(textsOf(attempts.takeEnd(0))).toEqual(finals);
    }
  });

  it('have ids distinct from those of its other outputs', async () => {
    const { settle, handler, attempts, transactor } = await open();
    await settle();
    await handler.last.context.emit(answer('a', 1, '0'));
    handler.last.context.end(answer('a', 1, '0'));
    await handler.last.done();
    expect(idsOf(attempts.takeEnd(0))).not.toEqual(idsOf(transactor.records));
  });

  it('are refused at the call of `end` when one is larger than the log takes', async () => {
    const { settle, handler } = await open();
    await settle();
    expect(() => handler.last.context.end(large)).toThrow(expect.objectContaining({ code: 'RECORD_TOO_LARGE' }));
  });
});

describe('the idempotency key', () => {
  it('is the same for every run of a record, and different for other records', async () => {
    const { settle, handler, pass } = await open();
    await settle();
    await handler.last.fail();
    await pass(200);
    await settle(recordAt(1, 'b', 'x'));
    const [first, second, other] = handler.runs.map(({ context }) => context.idempotencyKey);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('does not change between releases: external services store it', async () => {
    const { settle, handler } = await open();
    await settle(recordAt(0, 'a', 'x', { ce_id: '00000000-0000-4000-8000-000000000001' }));
    expect(handler.last.context.idempotencyKey).toBe('94b924fb-3891-5095-92f8-a0cd66f2f7b8');
  });
});
