import { describe, expect, it } from 'vitest';
import type { DeadLetter } from './letter.ts';
import { settle, toSettle, type Verb } from './settle.ts';
import { buried, openLetters, openReader, READER, recordOf, WORK } from './testing.ts';
import { isRedriven } from './write.ts';

/** A reader that parks keys, and a tool; the reader does its part while the tool waits. */
async function open() {
  const letters = await openLetters();
  const reader = openReader(letters);
  letters.hooks.meanwhile = () => reader.read();
  const { log, clock } = letters;
  const act = async (verb: Verb, filter = {}, waitMs = 5_000) => {
    const startMs = clock.now();
    const settled = await settle({ log, verb, filter: { topic: WORK, ...filter }, by: 'me', waitMs, clock });
    return { done: textsOf(settled.done), parked: textsOf(settled.parked), tookMs: clock.now() - startMs };
  };
  /** Sends these texts for a key; the reader fails at `break`. */
  const park = async (key: string, ...texts: readonly string[]): Promise<void> => {
    await letters.send(key, ...texts);
    await reader.read();
  };
  /** Appends these records after the tool has read the parked keys, before its own records. */
  const comesFirst = (...texts: readonly string[]): void => {
    let writes = 0;
    letters.hooks.at = async (point) => {
      if (point === 'write') writes += 1;
      // The first commit is that of the tool's mark.
      if (point !== 'write' || writes !== 2) return;
      await letters.send('a', ...texts);
    };
  };
  return {
    ...letters,
    reader,
    act,
    park,
    comesFirst,
    dry: (filter = {}) => toSettle(log, 'redrive', { topic: WORK, ...filter }),
  };
}

const textsOf = (letters: readonly DeadLetter[]): readonly string[] =>
  letters.map(({ key, value }) => `${key} ${String(value)}`);
const outcomesOf = (letters: readonly DeadLetter[]) => letters.map(({ note }) => note?.outcome ?? null);

describe('a redriven queue', () => {
  it('is processed in order by its reader, which notes each dead letter; then the key is free', async () => {
    const { reader, act, park, list } = await open();
    await park('a', 'break', '1', '2');
    expect((await list()).map(({ code, sequence }) => [code, sequence])).toEqual([
      ['BROKE', 1],
      ['KEY_PARKED', 2],
      ['KEY_PARKED', 3],
    ]);
    reader.broken.clear();
    expect(await act('redrive')).toMatchObject({ done: ['a break', 'a 1', 'a 2'], parked: [] });
    await park('a', '3');
    expect(reader.done).toEqual(['break', '1', '2', '3']);
    expect(outcomesOf(await list(true))).toEqual(['redriven', 'redriven', 'redriven']);
    expect((await act('redrive')).done).toEqual([]);
  });

  it('is redriven completely, whichever of its dead letters was selected, and no other queue with it', async () => {
    const { reader, act, park, dry } = await open();
    await park('a', 'break', '1');
    await park('b', 'break');
    reader.broken.clear();
    expect(textsOf(await dry({ code: 'KEY_PARKED' }))).toEqual(['a break', 'a 1']);
    expect(await act('redrive', { code: 'KEY_PARKED' })).toMatchObject({ done: ['a break', 'a 1'], parked: [] });
    expect(reader.done).toEqual(['break', '1']);
    expect(textsOf(await dry())).toEqual(['b break']);
  });

  it('belongs to one reader: records of the key parked by another reader stay', async () => {
    const { append, reader, act, park, list } = await open();
    await park('a', 'break');
    await append(buried(recordOf({ partition: 0, offset: 0 }), { processor: 'another', sequence: 1 }));
    reader.broken.clear();
    expect(await act('redrive', { processor: READER })).toMatchObject({ done: ['a break'], parked: [] });
    expect((await list()).map(({ processor }) => processor)).toEqual(['another']);
  });

  it('is redriven together with dead letters without a queue', async () => {
    const { append, reader, act, park, list } = await open();
    await park('a', 'break');
    await append(buried(recordOf({ partition: 0, offset: 7, key: 'b', value: Buffer.from('alone') })));
    reader.broken.clear();
    expect(await act('redrive')).toMatchObject({ done: ['b alone', 'a break'], parked: [] });
    await reader.read();
    expect(reader.done).toEqual(['alone', 'break']);
    expect(await list()).toEqual([]);
  });

  it('is independent of dead letters of its key from before it was parked', async () => {
    const { append, reader, act, park, list } = await open();
    await append(buried(recordOf({ partition: 0, offset: 90, value: Buffer.from('older') })));
    await park('a', 'break', '1');
    reader.broken.clear();
    expect(await act('redrive', { code: 'KEY_PARKED' })).toMatchObject({ done: ['a break', 'a 1'], parked: [] });
    expect(textsOf(await list())).toEqual(['a older']);
    reader.broken.add('break');
    await park('a', 'break');
    expect(await act('redrive', { code: 'UNEXPECTED' })).toMatchObject({ done: ['a older'], parked: [] });
  });

  it('includes records that arrive during the redrive', async () => {
    const { reader, act, park, comesFirst } = await open();
    await park('a', 'break', '1');
    reader.broken.clear();
    comesFirst('2', '3');
    expect(await act('redrive')).toMatchObject({ done: ['a break', 'a 1', 'a 2', 'a 3'], parked: [] });
    expect(reader.done).toEqual(['break', '1', '2', '3']);
  });
});

describe('a queue whose record fails again', () => {
  it('stays parked with the records behind it, and reports the latest cause', async () => {
    const { reader, act, park, list } = await open();
    await park('a', 'break', '1', 'worse', '2');
    expect(await act('redrive')).toMatchObject({ done: [], parked: ['a break', 'a 1', 'a worse', 'a 2'] });
    expect((await list())[0]).toMatchObject({ attempt: 2, note: { outcome: 'failed', by: 'me' } });
    reader.broken.clear();
    reader.broken.add('worse');
    expect(await act('redrive')).toMatchObject({ done: ['a break', 'a 1'], parked: ['a worse', 'a 2'] });
    expect((await list())[0]).toMatchObject({ message: 'worse', code: 'BROKE', attempt: 1 });
    expect(reader.done).toEqual(['break', '1']);
  });

  it('is reported at once, not after the wait', async () => {
    const { act, park } = await open();
    await park('a', 'break', '1');
    expect((await act('redrive', {}, 60_000)).tookMs).toBeLessThan(1_000);
  });

  it('is not taken for stuck because of an earlier failure', async () => {
    const { reader, act, park } = await open();
    await park('a', 'break', '1');
    await act('redrive');
    reader.broken.clear();
    expect(await act('redrive')).toMatchObject({ done: ['a break', 'a 1'], parked: [] });
  });

  it('does not keep the tool from waiting for the other queues', async () => {
    const { reader, act, park, hooks } = await open();
    reader.broken.add('worse');
    await park('a', 'break');
    await park('b', 'worse');
    reader.broken.delete('worse');
    hooks.meanwhile = () => reader.read(1);
    expect(await act('redrive')).toMatchObject({ done: ['b worse'], parked: ['a break'] });
  });
});

describe('a queue with a dead letter without its value', () => {
  /** Parks a record that is larger than a dead letter may be. */
  async function openWithLarge(...before: readonly string[]) {
    const opened = await open();
    const { log, reader, park } = opened;
    await park('a', 'break', ...before);
    log.broker.partition(WORK, 0).append(recordOf({ value: Buffer.alloc(2_000_000) }), 0);
    await park('a', 'behind');
    reader.broken.clear();
    return opened;
  }

  it('is redriven up to it; it stays unchanged, and later records wait', async () => {
    const { reader, act, list, dry } = await openWithLarge('1');
    expect(textsOf(await dry())).toEqual(['a break', 'a 1']);
    expect(await act('redrive')).toMatchObject({ done: ['a break', 'a 1'], parked: ['a null', 'a behind'] });
    expect(await list()).toMatchObject([{ code: 'KEY_PARKED', note: null }, { note: null }]);
    const { tookMs, ...rest } = await act('redrive');
    expect(rest).toEqual({ done: [], parked: ['a null', 'a behind'] });
    expect(tookMs).toBeLessThan(1_000);
    expect(reader.done).toEqual(['break', '1']);
  });

  it('continues once it is dropped', async () => {
    const { reader, act, list } = await openWithLarge();
    await act('redrive');
    expect(await act('drop', { limit: 1 })).toMatchObject({ done: ['a null'], parked: ['a behind'] });
    expect(await act('redrive')).toMatchObject({ done: ['a behind'], parked: [] });
    expect(reader.done).toEqual(['break', 'behind']);
    expect(await list()).toEqual([]);
  });
});

describe('the readers of queues', () => {
  it('have a limited time; then the tool reports what is still parked, and nothing is lost', async () => {
    const { reader, act, park, hooks, list } = await open();
    await park('a', 'break', '1');
    await park('b', '0');
    hooks.meanwhile = async () => undefined;
    const { done, parked, tookMs } = await act('redrive', {}, 2_000);
    expect({ done, parked }).toEqual({ done: [], parked: ['a break', 'a 1'] });
    expect(tookMs).toBeGreaterThanOrEqual(2_000);
    expect(tookMs).toBeLessThan(3_000);
    expect((await act('redrive', {}, 0)).tookMs).toBe(0);
    reader.broken.clear();
    await reader.read();
    expect(reader.done).toEqual(['0', 'break', '1']);
    expect(await list()).toEqual([]);
  });

  it('receive nothing more after that time', async () => {
    const { log, reader, act, park, comesFirst } = await open();
    await park('a', 'break');
    reader.broken.clear();
    comesFirst('late');
    expect(await act('redrive', {}, 250)).toMatchObject({ done: ['a break'], parked: ['a late'] });
    expect(log.fetch(WORK, 0, 0).records.filter(({ headers }) => isRedriven(headers))).toHaveLength(1);
  });

  it('may finish before the tool looks: then it does not wait', async () => {
    const { reader, act, park, hooks } = await open();
    await park('a', 'break');
    reader.broken.clear();
    hooks.at = async (point) => {
      if (point === 'watermarks') await reader.read();
    };
    hooks.meanwhile = async () => undefined;
    expect(await act('redrive')).toMatchObject({ done: ['a break'], parked: [] });
  });
});

describe('a dropped dead letter of a queue', () => {
  it('is skipped by its reader at any position; later records can continue', async () => {
    const { reader, act, park, list } = await open();
    await park('a', 'break', '1', '2', '3');
    expect(await act('drop', { code: 'BROKE' })).toMatchObject({ done: ['a break'], parked: ['a 1', 'a 2', 'a 3'] });
    const [first] = await list();
    expect(await act('drop', { code: 'KEY_PARKED', limit: 1 })).toMatchObject({ done: ['a 1'] });
    expect(first?.sequence).toBe(2);
    expect(await act('redrive')).toMatchObject({ done: ['a 2', 'a 3'], parked: [] });
    expect(reader.done).toEqual(['2', '3']);
    expect(outcomesOf(await list(true))).toEqual(['dropped', 'dropped', 'redriven', 'redriven']);
  });
});
