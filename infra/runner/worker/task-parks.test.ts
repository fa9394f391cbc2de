import { describe, expect, it } from 'vitest';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { ParkedKeys } from '../dead-letters/parked-keys.ts';
import { deadLetterHeaders, redriveHeaders } from '../dead-letters/write.ts';
import { readingOf } from '../testing/by-hand.ts';
import { answer } from '../testing/processors.ts';
import { recordAt } from '../testing/worker.ts';
import { open } from '../testing/worker-task.ts';

/** Returns a task of a worker that parks, with open dead letters of key `a` at these offsets, from before its own. */
function parking(...offsets: readonly number[]) {
  const parkedKeys = new ParkedKeys();
  for (const offset of offsets) parkedKeys.add({ topic: 'work.commands', key: 'a', record: `@${offset}` });
  parkedKeys.publish();
  return open({ poison: 'park', attemptsMax: 1 }, '', parkedKeys);
}

const redriven = (offset: number, original: number, more: Record<string, string> = {}): LogRecord =>
  recordAt(offset, 'a', `redriven ${original}`, {
    [redriveHeaders.processor]: 'work',
    [redriveHeaders.record]: `@${original}`,
    [redriveHeaders.sequence]: '1',
    ...more,
  });
const dropped = (offset: number, original: number): LogRecord =>
  redriven(offset, original, { [redriveHeaders.drop]: '1' });

/** Returns the note or the code of a dead letter; of any other record its topic. */
const shown = ({ topic, headers }: OutgoingRecord): string =>
  headers[deadLetterHeaders.note] ?? headers[deadLetterHeaders.code] ?? topic;
const shownOf = (wrote: ReturnType<ReturnType<typeof open>['wrote']>): unknown[] =>
  wrote.map(({ offset, records }) => [offset, ...records.map(shown)]);

describe('a worker that parks', () => {
  it('parks a failed record and later records of its key, while other keys continue', async () => {
    const { send, handler, wrote, metrics } = parking();
    await send(['a', '0'], ['a', '1'], ['b', '2']);
    await handler.runs[0]?.fail(Object.assign(new Error('broke'), { code: 'WORK_BROKE' }));
    await handler.runs[1]?.done();
    expect(handler.prompts).toEqual(['0', '2']);
    expect(wrote().flatMap(({ records }) => records.map(shown))).toEqual(['WORK_BROKE', 'KEY_PARKED']);
    expect(await readingOf(metrics.deadLetters)).toEqual({ 'work WORK_BROKE': 1, 'work KEY_PARKED': 1 });
    expect(await readingOf(metrics.parkedKeys)).toEqual({ 'work 0': 1 });
  });

  it('parks the records of a parked key, in the transaction that passes them', async () => {
    const { push, handler, wrote, transactor } = parking(0);
    await push([recordAt(7, 'a', 'x')]);
    expect(shownOf(wrote())).toEqual([[8, 'KEY_PARKED']]);
    expect([handler.runs, transactor.offset]).toEqual([[], 8]);
  });

  it('processes the first record of a queue, and notes it in the transaction of its final outputs', async () => {
    const { push, handler, wrote, metrics } = parking(3);
    await push([redriven(7, 3), recordAt(8, 'a', 'behind')]);
    handler.last.context.end(answer('a', 1, 'end'));
    await handler.last.done();
    expect(shownOf(wrote())).toEqual([[8, 'inference.events', 'redriven']]);
    expect(handler.prompts).toEqual(['redriven 3', 'behind']);
    expect(await readingOf(metrics.parkedKeys)).toEqual({ 'work 0': 0 });
    expect(await readingOf(metrics.deadLetters)).toEqual({});
  });

  it('skips a record that arrives twice or too early, and writes nothing', async () => {
    const { push, handler, wrote, transactor, metrics } = parking(3, 4);
    await push([redriven(7, 4), redriven(8, 2)]);
    expect([handler.runs, wrote(), transactor.offset]).toEqual([[], [], 9]);
    expect(await readingOf(metrics.deadLetters)).toEqual({});
    expect(await readingOf(metrics.recordsIn)).toEqual({ work: 2 });
  });

  it('notes a record that fails again, and keeps it first in its queue', async () => {
    const { push, handler, wrote } = parking(3);
    await push([redriven(7, 3), recordAt(8, 'a', 'behind')]);
    await handler.last.fail();
    expect(shownOf(wrote())).toEqual([
      [8, 'failed'],
      [9, 'KEY_PARKED'],
    ]);
    expect(handler.prompts).toEqual(['redriven 3']);
  });

  it('abandons a dropped record, and notes it in the same transaction', async () => {
    const { push, handler, wrote, metrics } = parking(3);
    handler.onAbandon = async ({ end }) => end(answer('a', 1, 'dropped'));
    await push([dropped(7, 3)]);
    expect(handler.runs).toEqual([]);
    expect(handler.abandoned).toMatchObject([{ error: { code: 'WORK_DROPPED' } }]);
    expect(shownOf(wrote())).toEqual([[8, 'inference.events', 'dropped']]);
    expect(await readingOf(metrics.parkedKeys)).toEqual({ 'work 0': 0 });
  });
});
