import { describe, expect, it } from 'vitest';
import type { OutgoingRecord } from '../../kafka/port.ts';
import { quiet, valuesOf } from '../testing/by-hand.ts';
import { openChainTask } from '../testing/chain-task.ts';

/** Outputs of a command `<n> times`, per n: an answer, a turn and two responses. */
const OUTPUTS_PER_TIME = 4;

describe('a transaction with many outputs', () => {
  const full = 4_000 / OUTPUTS_PER_TIME;

  it('takes no further record, and the next one continues with it', async () => {
    const opened = await openChainTask();
    const { record, take, transactor } = opened;
    await take(record(`${full} times`), record('1'), record('2'));
    expect(transactor.offsets).toEqual(['commands@1', 'commands@3']);
    const answers = opened.transactions[1]?.filter((text) => text.startsWith('front answers'));
    expect(answers).toEqual([`front answers a ${full + 1}:1`, `front answers a ${full + 2}:2`]);
  });

  it('counts only the records that it took, and the age of each', async () => {
    const { names, record, take, pass, metrics } = await openChainTask();
    await pass(3_000);
    await take(record(`${full} times`), record('1'), record('2'));
    const processor = { processor: names.name };
    expect(await valuesOf(metrics.batchRecords)).toEqual([
      [processor, 3],
      [processor, 2],
    ]);
    expect(await valuesOf(metrics.ageSeconds)).toEqual([
      [processor, 9],
      [processor, 3],
    ]);
  });

  it('takes another one while it has fewer', async () => {
    const { record, take, transactor } = await openChainTask();
    await take(record(`${full - 1} times`), record('1'), record('2'));
    expect(transactor.offsets).toEqual(['commands@2', 'commands@3']);
  });

  it('never cuts the chain of one record', async () => {
    const { record, take, transactor } = await openChainTask();
    await take(record(`${2 * full} times`), record('1'));
    expect(transactor.batches.map(({ records }) => records.length)).toEqual([2 * full * OUTPUTS_PER_TIME + 2, 6]);
  });

  it('leaves the batches of all topics in their order, each with its offset', async () => {
    const opened = await openChainTask();
    const { task, batch, record, again, transactor, names, shown } = opened;
    const [letter] = [record('break front')];
    await opened.take(letter);
    const back = again(transactor.records[0] as OutgoingRecord);
    transactor.hold();
    await opened.take(record('0'));
    void task.push(batch(record('1'), record(`${full} times`), record('2')));
    void task.push({ ...batch(back), next: 9 });
    void task.push(batch(record('3')));
    await transactor.answer();
    await transactor.answer();
    await transactor.answer();
    await quiet();
    const topicsOf = transactor.batches
      .slice(2)
      .map(({ offsets }) => offsets.map(({ topic, offset }) => [topic, offset]));
    expect(topicsOf).toEqual([
      [[names.input.name, 4]],
      [
        [names.input.name, 6],
        [names.redrives.name, 9],
      ],
    ]);
    expect(shown(transactor.batches[3]?.records ?? []).filter((text) => text.startsWith('front'))).toEqual([
      ...[`front answers a ${full + 3}:2`, 'front buries a: BROKEN', `front answers a ${full + 4}:3`],
      `front holds a {"count":${full + 4}}`,
    ]);
  });

  it('leaves a batch without records, which moves a position, behind those before it', async () => {
    const { names, record, batch, task, transactor } = await openChainTask();
    transactor.hold();
    void task.push(batch(record('0')));
    await quiet();
    void task.push(batch(record(`${full} times`), record('1')));
    void task.push({ ...batch(), topic: names.redrives.name, next: 9 });
    await transactor.answer();
    await transactor.answer();
    await transactor.answer();
    expect(transactor.offsets).toEqual(['commands@1', 'commands@2', 'commands@3,redrive@9']);
  });

  it('leaves the rest of a batch behind one that it took whole', async () => {
    const { record, batch, task, transactor } = await openChainTask();
    transactor.hold();
    void task.push(batch(record('0')));
    await quiet();
    void task.push(batch(record('1'), record('2')));
    void task.push(batch(record(`${full} times`), record('3'), record('4')));
    await transactor.answer();
    await transactor.answer();
    await transactor.answer();
    expect(transactor.offsets).toEqual(['commands@1', 'commands@4', 'commands@6']);
  });

  it('leaves records before those of the same batch that it had no room for', async () => {
    const { record, take, transactor, shown } = await openChainTask();
    const quiets = Array.from({ length: 998 }, () => record('quiet', 'b'));
    const [first, second, last] = [record(`${full} times`), record('1'), record('2')];
    await take(...[first, second, ...quiets, last].map((each, offset) => ({ ...each, offset })));
    expect(transactor.offsets).toEqual(['commands@1', 'commands@1001']);
    const answers = shown(transactor.batches[1]?.records ?? []).filter((text) => text.startsWith('front answers'));
    expect(answers).toEqual([`front answers a ${full + 1}:1`, `front answers a ${full + 2}:2`]);
  });

  it('keeps what it leaves in the count of waiting records', async () => {
    const { names, record, take, transactor, metrics, home } = await openChainTask();
    transactor.hold();
    await take(record(`${full} times`), record('1'), record('2'));
    await transactor.answer();
    expect(await valuesOf(metrics.lagRecords)).toEqual([[{ processor: names.name, partition: home }, 2]]);
    await transactor.answer();
    expect(await valuesOf(metrics.lagRecords)).toEqual([[{ processor: names.name, partition: home }, 0]]);
  });
});
