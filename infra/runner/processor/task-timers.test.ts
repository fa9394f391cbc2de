import { expect, it } from 'vitest';
import type { LogRecord } from '../../kafka/port.ts';
import { ends, quiet, valuesOf } from '../testing/by-hand.ts';
import { forAnother, openTask, PARTITION } from '../testing/processor-task.ts';
import { COMMAND_TIME_MS } from '../testing/processors.ts';
import { reminder } from '../testing/reminder.ts';

const open = (over: Parameters<typeof reminder>[1] = {}) => openTask((names) => reminder(names, over));

it('fire when the clock has reached them and not before: command and state in one transaction', async () => {
  const opened = await open();
  const { record, take, pass, transactor, names } = opened;
  const sets = record('remind 500');
  await take(sets);
  await pass(499);
  expect(opened.transactions).toHaveLength(1);
  await pass(1);
  expect(opened.transactions.slice(1)).toEqual([['a is asked ring', 'a holds {"dueMs":1500} and has fired']]);
  const { records = [], offsets } = transactor.batches[1] ?? {};
  expect(records.map(({ topic, partition }) => [topic, partition])).toEqual([
    [names.timers.name, PARTITION],
    [names.state.name, PARTITION],
  ]);
  expect(records[0]?.headers).toMatchObject({
    ce_time: new Date(COMMAND_TIME_MS + 500).toISOString(),
    ce_causationid: sets.headers['ce_id'],
    ce_tenantid: 't',
  });
  expect(offsets).toEqual([]);
});

it('fire once, even if the state keeps listing them', async () => {
  const opened = await open();
  await opened.take(opened.record('remind 500'));
  await opened.pass(500);
  await opened.pass(10_000);
  expect(opened.transactions).toHaveLength(2);
});

it('have fired only after the commit has answered', async () => {
  const opened = await open();
  const { names, record, take, pass, transactor, task } = opened;
  await take(record('remind 500'));
  transactor.hold();
  await pass(500);
  expect(opened.transactions).toHaveLength(2);
  expect(task.inspect(names.name, 'a')?.timers).toMatchObject([{ fired: false }]);
});

it('are moved and removed by the state alone: removing one costs no transaction', async () => {
  const opened = await open();
  await opened.take(opened.record('remind 500'), opened.record('remind 500', 'b'));
  await opened.take(opened.record('forget'), opened.record('remind 900', 'b'));
  await opened.pass(500);
  expect(opened.transactions).toHaveLength(2);
  await opened.pass(400);
  expect(opened.transactions.slice(2)).toEqual([['b is asked ring', 'b holds {"dueMs":1900} and has fired']]);
});

it('fire at once when they were due before they were set', async () => {
  const opened = await open();
  await opened.pass(10_000);
  await opened.take(opened.record('remind 500'));
  expect(opened.transactions).toHaveLength(2);
});

it('fire before later records, and commit the passed offsets too', async () => {
  const opened = await open();
  const { record, take, pass, task, batch, clock, transactor } = opened;
  await take(record('remind 500'));
  await take(forAnother(record('')));
  clock.advance(500);
  void task.push(batch([record('forget', 'b')]));
  await quiet();
  expect(opened.transactions.slice(1).map(([first]) => first)).toEqual(['a is asked ring', 'b says 0:forget']);
  expect(transactor.offsets).toEqual(['commands@1', 'commands@2', 'commands@3']);
  await pass(5_000);
  expect(transactor.offsets).toHaveLength(3);
});

it('share the transaction of an idle commit that is due at the same time', async () => {
  const opened = await open();
  const { record, take, pass, transactor } = opened;
  await take(record('remind 1000'));
  await take(forAnother(record('')));
  await pass(1_000);
  expect(opened.transactions.slice(1).map(([first]) => first)).toEqual(['a is asked ring']);
  expect(transactor.offsets).toEqual(['commands@1', 'commands@2']);
});

it('do not delay the commit of records without results', async () => {
  const { record, take, pass, transactor } = await open();
  await take(record('remind 5000'));
  await take(forAnother(record('')));
  await pass(1_000);
  expect(transactor.offsets).toEqual(['commands@1', 'commands@2']);
});

it('fire at most a thousand in one transaction', async () => {
  const { names, record, take, pass, transactor, metrics } = await open();
  const labels = { processor: names.name, partition: PARTITION };
  const records: LogRecord[] = Array.from({ length: 1_001 }, (_, index) => record('remind 500', `key ${index}`));
  await take(...records);
  const settled = transactor.batches.length;
  expect(await valuesOf(metrics.timers)).toEqual([[labels, 1_001]]);
  await pass(500);
  expect(transactor.batches.slice(settled).map((batch) => batch.records.length)).toEqual([2_000, 2]);
  expect(await valuesOf(metrics.timers)).toEqual([[labels, 0]]);
});

it('are left to the next owner when they are due during a stop', async () => {
  const opened = await open();
  const { record, take, task, clock } = opened;
  await take(record('remind 500'));
  clock.advance(500);
  expect(await ends(task.stop())).toBe(true);
  expect(opened.transactions).toHaveLength(1);
});

it('may be due in a hundred years: no wait exceeds the limit of Node', async () => {
  const { record, take, pass, sleeps, transactor } = await open();
  const most = 2 ** 31 - 1;
  await take(record(`remind ${100 * 365 * 86_400_000}`));
  expect(sleeps).toEqual([most]);
  await pass(most);
  expect(sleeps).toEqual([most, most]);
  expect(transactor.batches).toHaveLength(1);
});

it('count their command and the state of their key as records written', async () => {
  const { names, record, take, pass, metrics } = await open();
  await take(record('remind 500'), record('remind 500', 'b'));
  expect(await valuesOf(metrics.recordsOut)).toEqual([[{ processor: names.name }, 4]]);
  await pass(500);
  expect(await valuesOf(metrics.recordsOut)).toEqual([[{ processor: names.name }, 8]]);
});

it('report how late they fire', async () => {
  const { names, record, take, pass, metrics } = await open();
  await take(record('remind 500'));
  await pass(2_500);
  const labels = { processor: names.name };
  expect(await valuesOf(metrics.timerLateSeconds)).toEqual([
    [labels, 2],
    [labels, 1],
  ]);
});
