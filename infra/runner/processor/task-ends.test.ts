import { describe, expect, it } from 'vitest';
import type { Processor } from '../../../streams/kernel.ts';
import { LogError } from '../../kafka/errors.ts';
import { ends, quiet } from '../testing/by-hand.ts';
import { openTask } from '../testing/processor-task.ts';
import { counter } from '../testing/processors.ts';

const open = (over: Partial<Processor> = {}) => openTask((names) => counter(names, over));

describe('a task that stops', () => {
  it('commits the taken records and closes its transactor', async () => {
    const { task, record, take, transactor, crashes } = await open();
    await take(record('quiet'));
    expect(await ends(task.stop())).toBe(true);
    expect([transactor.offsets, transactor.closed, crashes]).toEqual([['commands@1'], true, []]);
  });

  it('makes no transaction when it has taken nothing since the last', async () => {
    const { task, record, take, transactor } = await open();
    await take(record('0'));
    expect(await ends(task.stop())).toBe(true);
    expect(transactor.offsets).toEqual(['commands@1']);
  });

  it('finishes the batch under way, and leaves waiting records to the next owner without lingering', async () => {
    const opened = await open({ lingerMs: 50 });
    const { task, record, take, pass, transactor, crashes } = opened;
    opened.transactor.hold();
    await take(record('0'));
    await pass(50);
    await take(record('1'));
    const stopping = task.stop();
    expect(await ends(stopping)).toBe(false);
    expect(transactor.closed).toBe(false);
    await opened.transactor.answer();
    expect(await ends(stopping)).toBe(true);
    expect([transactor.offsets, transactor.closed, crashes]).toEqual([['commands@1'], true, []]);
  });

  it('takes no further records', async () => {
    const { task, record, take, transactor } = await open();
    const stopping = task.stop();
    await take(record('0'));
    await stopping;
    expect(transactor.offsets).toEqual([]);
  });
});

describe('a task that is dropped', () => {
  it('commits nothing more, neither taken nor waiting records', async () => {
    const { task, record, take, pass, transactor, crashes } = await open();
    await take(record('quiet'));
    expect(await ends(task.drop())).toBe(true);
    await take(record('0'));
    await pass(5_000);
    expect([transactor.offsets, transactor.closed, crashes]).toEqual([[], true, []]);
  });

  it('does not wait for the work under way, and does not report its failure', async () => {
    const opened = await open();
    opened.transactor.hold();
    await opened.take(opened.record('0'));
    expect(await ends(opened.task.drop())).toBe(true);
    await opened.transactor.answer(new LogError('FENCED', 'a newer holder exists'));
    expect(opened.crashes).toEqual([]);
  });

  it('leaves no wait behind, and neither does a wait that ends early', async () => {
    const opened = await open();
    await opened.take(opened.record('quiet'));
    await opened.take(opened.record('quiet'));
    expect(opened.waiting).toBe(1);
    await opened.task.drop();
    await quiet();
    expect(opened.waiting).toBe(0);
  });

  it('ends a linger', async () => {
    const { task, record, take, pass, transactor } = await open({ lingerMs: 50 });
    await take(record('0'));
    await task.drop();
    await pass(50);
    expect(transactor.offsets).toEqual([]);
  });
});

describe('any error', () => {
  it('of a commit ends this life: it is reported once, its state is not published, and no records are taken', async () => {
    const opened = await open();
    opened.transactor.hold();
    const fenced = new LogError('FENCED', 'a newer holder exists');
    await opened.take(opened.record('0'));
    await opened.transactor.answer(fenced);
    await opened.take(opened.record('1'));
    expect(opened.crashes).toEqual([fenced]);
    expect(opened.state.has('a')).toBe(false);
    expect(opened.transactor.batches).toHaveLength(1);
  });

  it('of reading a table ends it too', async () => {
    const lost = new Error('the table is lost');
    const tables = () => {
      throw lost;
    };
    const { record, take, crashes, transactor } = await openTask(counter, { tables });
    await take(record('0'));
    expect([crashes, transactor.offsets]).toEqual([[lost], []]);
  });
});
