import { describe, expect, it } from 'vitest';
import type { LogRecord, OutgoingRecord } from '../log.ts';
import { readingOf } from './by-hand-testing.ts';
import { deadLetterHeaders, redriveHeaders } from './dead-letter.ts';
import { ParkedLines } from './parking.ts';
import { answer } from './testing.ts';
import { open } from './worker-task-testing.ts';
import { recordAt } from './worker-testing.ts';

/** A task of a worker that parks, with letters of key `a` open from these offsets, of before its own. */
function parking(...offsets: readonly number[]) {
  const lines = new ParkedLines();
  for (const offset of offsets) lines.add({ topic: 'work.commands', key: 'a', offset });
  lines.publish();
  return open({ poison: 'park', attemptsMax: 1 }, '', lines);
}

const redriven = (offset: number, original: number, more: Record<string, string> = {}): LogRecord =>
  recordAt(offset, 'a', `redriven ${original}`, {
    [redriveHeaders.processor]: 'work',
    [redriveHeaders.offset]: `${original}`,
    [redriveHeaders.sequence]: '1',
    ...more,
  });
const dropped = (offset: number, original: number): LogRecord =>
  redriven(offset, original, { [redriveHeaders.drop]: '1' });

/** The note or the code of a letter; for what is neither, its topic. */
const shown = ({ topic, headers }: OutgoingRecord): string =>
  headers[deadLetterHeaders.note] ?? headers[deadLetterHeaders.code] ?? topic;
const shownOf = (wrote: ReturnType<ReturnType<typeof open>['wrote']>): unknown[] =>
  wrote.map(({ offset, records }) => [offset, ...records.map(shown)]);

describe('a worker that parks', () => {
  it('parks a record that dies and what comes behind it, while other keys go on', async () => {
    const { send, handler, wrote, metrics } = parking();
    await send(['a', '0'], ['a', '1'], ['b', '2']);
    await handler.runs[0]?.fail(Object.assign(new Error('broke'), { code: 'WORK_BROKE' }));
    await handler.runs[1]?.done();
    expect(handler.prompts).toEqual(['0', '2']);
    expect(wrote().flatMap(({ records }) => records.map(shown))).toEqual(['WORK_BROKE', 'KEY_PARKED']);
    expect(await readingOf(metrics.deadLetters)).toEqual({ 'work WORK_BROKE': 1, 'work KEY_PARKED': 1 });
    expect(await readingOf(metrics.parkedKeys)).toEqual({ 'work 0': 1 });
  });

  it('parks what comes for a parked key, in the transaction that passes it over', async () => {
    const { push, handler, wrote, transactor } = parking(0);
    await push([recordAt(7, 'a', 'x')]);
    expect(shownOf(wrote())).toEqual([[8, 'KEY_PARKED']]);
    expect([handler.runs, transactor.offset]).toEqual([[], 8]);
  });

  it('works on the first of a line, and notes it in the transaction of what it ends with', async () => {
    const { push, handler, wrote, metrics } = parking(3);
    await push([redriven(7, 3), recordAt(8, 'a', 'behind')]);
    handler.last.context.end(answer('a', 1, 'end'));
    await handler.last.done();
    expect(shownOf(wrote())).toEqual([[8, 'inference.events', 'redriven']]);
    expect(handler.prompts).toEqual(['redriven 3', 'behind']);
    expect(await readingOf(metrics.parkedKeys)).toEqual({ 'work 0': 0 });
    expect(await readingOf(metrics.deadLetters)).toEqual({});
  });

  it('passes over what comes twice or too early, and writes nothing of it', async () => {
    const { push, handler, wrote, transactor, metrics } = parking(3, 4);
    await push([redriven(7, 4), redriven(8, 2)]);
    expect([handler.runs, wrote(), transactor.offset]).toEqual([[], [], 9]);
    expect(await readingOf(metrics.deadLetters)).toEqual({});
    expect(await readingOf(metrics.recordsIn)).toEqual({ work: 2 });
  });

  it('notes what dies again, and leaves it the first of its line', async () => {
    const { push, handler, wrote } = parking(3);
    await push([redriven(7, 3), recordAt(8, 'a', 'behind')]);
    await handler.last.fail();
    expect(shownOf(wrote())).toEqual([
      [8, 'failed'],
      [9, 'KEY_PARKED'],
    ]);
    expect(handler.prompts).toEqual(['redriven 3']);
  });

  it('tells the end of what is dropped, and notes it in the same transaction', async () => {
    const { push, handler, wrote, metrics } = parking(3);
    handler.onAbandon = async ({ end }) => end(answer('a', 1, 'dropped'));
    await push([dropped(7, 3)]);
    expect(handler.runs).toEqual([]);
    expect(handler.abandoned).toMatchObject([{ error: { code: 'WORK_DROPPED' } }]);
    expect(shownOf(wrote())).toEqual([[8, 'inference.events', 'dropped']]);
    expect(await readingOf(metrics.parkedKeys)).toEqual({ 'work 0': 0 });
  });
});
