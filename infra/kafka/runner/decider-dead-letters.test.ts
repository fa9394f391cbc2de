import { describe, expect, it } from 'vitest';
import type { AnyRecord } from '../../../schemas/generated/records.ts';
import type { Processor } from '../../../streams/kernel.ts';
import type { LogRecord } from '../log.ts';
import { deadLetterHeaders, redriveHeaders } from './dead-letter.ts';
import { Decider } from './decider.ts';
import { forAnother, surroundings } from './processor-task-testing.ts';
import { answer, ask, type Count, counter } from './testing.ts';

const broken = (code: string): Error => Object.assign(new Error(`${code} it is`), { code });
const promptOf = ({ data }: AnyRecord): string => ('prompt' in data ? String(data.prompt) : '');

/** Answers each prompt with its place among those of its key, but for what the prompts below break. */
const fragile: Partial<Processor> = {
  key: (record, { key }) => {
    if (promptOf(record) === 'no key') throw broken('KEY_BROKE');
    return promptOf(record) === 'of another key' ? 'another' : key;
  },
  decide: (state, record, { key }) => {
    const prompt = promptOf(record);
    if (prompt === 'break') throw broken('DECIDE_BROKE');
    const said: AnyRecord[] = [answer(key, (state as Count).count + 1, prompt)];
    if (prompt === 'foreign') said.push(ask(key, 'to a topic that was not declared'));
    if (prompt === 'not avro') said.push({ type: 'InferenceFailed', data: { requestId: key, code: 7 } } as never);
    if (prompt === 'too large') said.push(answer(key, 0, 'x'.repeat(1_000_000)));
    return said;
  },
  evolve: (state, { data }) => {
    if ('detail' in data && data.detail === 'fold') throw broken('EVOLVE_BROKE');
    return { count: (state as Count).count + 1 };
  },
};

async function open(over: Partial<Processor> = {}) {
  const around = await surroundings((names) => counter(names, { ...fragile, ...over }), {
    parks: over.poison === 'park',
  });
  return { ...around, decider: new Decider(around.dependencies) };
}

const prompting = (prompt: string) => (record: (prompt: string) => LogRecord) => record(prompt);

describe('a record that cannot be decided', () => {
  it.each([
    ['what is no record', (record) => ({ ...record(''), value: Buffer.from('{}') }), 'BYTES_NOT_FRAMED'],
    ['what has no envelope', (record) => ({ ...record(''), headers: {} }), 'ENVELOPE_INVALID'],
    ['a key that cannot be told', prompting('no key'), 'KEY_BROKE'],
    ['a key of state that did not place the record here', prompting('of another key'), 'KEY_MISMATCH'],
    ['a decision that breaks', prompting('break'), 'DECIDE_BROKE'],
    ['an event that cannot be folded', prompting('fold'), 'EVOLVE_BROKE'],
    ['an output for a topic that was not declared', prompting('foreign'), 'UNEXPECTED'],
    ['an output that breaks its schema', prompting('not avro'), 'UNEXPECTED'],
    ['an output larger than the log takes', prompting('too large'), 'RECORD_TOO_LARGE'],
  ] as const satisfies readonly (readonly [string, (record: (prompt: string) => LogRecord) => LogRecord, string])[])(
    'is a dead letter for %s: none of its outputs are written, and the next of its key goes on',
    async (_, bad, code) => {
      const { decider, record, told } = await open();
      const staged = await decider.decide([record('before'), bad(record), record('after')]);
      expect(told(staged.records)).toEqual([
        ...['a says 1:before', `a died of ${code}`, 'a says 2:after', 'a holds {"count":2}'],
      ]);
      expect(staged.deadCodes).toEqual([code]);
    },
  );

  it('is buried with what broke it, and as run once', async () => {
    const { decider, record } = await open();
    const [letter] = (await decider.decide([record('break')])).records;
    expect(letter?.headers).toMatchObject({
      [deadLetterHeaders.message]: 'DECIDE_BROKE it is',
      [deadLetterHeaders.attempt]: '1',
    });
    const [misplaced] = (await decider.decide([record('of another key')])).records;
    expect(misplaced?.headers[deadLetterHeaders.message]).toContain('state key another, record placed by a');
  });

  it('is no matter of its key where no state is kept', async () => {
    const { decider, record, told } = await open({
      state: null,
      decide: (_, { data }) => [answer('a', 0, promptOf({ data } as AnyRecord))],
    });
    expect(told((await decider.decide([record('of another key')])).records)).toEqual(['a says 0:of another key']);
  });
});

describe('where keys are parked', () => {
  const parking: Partial<Processor> = { poison: 'park' };
  /** As the tool appends it for the reader that buried the record. */
  const redriven = (record: LogRecord, processor: string, rest: Record<string, string> = {}): LogRecord => ({
    ...record,
    offset: record.offset + 100,
    headers: {
      ...record.headers,
      ...rest,
      [redriveHeaders.processor]: processor,
      [redriveHeaders.offset]: String(record.offset),
    },
  });
  const inLine = { [redriveHeaders.sequence]: '1' };

  it('the records behind one that died become letters too, and other keys go on', async () => {
    const { decider, record, told } = await open(parking);
    const staged = await decider.decide([record('break'), record('1'), record('2', 'b')]);
    expect(told(staged.records)).toEqual([
      ...['a died of DECIDE_BROKE', 'a died of KEY_PARKED', 'b says 1:2', 'b holds {"count":1}'],
    ]);
    expect(staged.deadCodes).toEqual(['DECIDE_BROKE', 'KEY_PARKED']);
  });

  it('a key is parked by what was committed alone: what was staged in vain is forgotten', async () => {
    const { decider, record, told, lines } = await open(parking);
    const [dies, waits] = [record('break'), record('1')];
    await decider.decide([dies]);
    expect(told((await decider.decide([waits])).records)[0]).toBe('a says 1:1');
    await decider.decide([dies]);
    lines?.publish();
    expect(told((await decider.decide([waits])).records)).toEqual(['a died of KEY_PARKED']);
  });

  it('a letter is settled in the transaction of what its record causes, or stays when it dies again', async () => {
    const { decider, record, told, lines, names } = await open(parking);
    const [dies, waits] = [record('break'), record('1')];
    await decider.decide([dies, waits]);
    lines?.publish();
    const again = await decider.decide([redriven(dies, names.name, inLine), redriven(waits, names.name, inLine)]);
    expect(told(again.records)).toEqual(['letter of a: failed']);
    expect(again.deadCodes).toEqual(['DECIDE_BROKE']);
    const mended = { ...waits, offset: dies.offset };
    const taken = await decider.decide([
      redriven(mended, names.name, inLine),
      redriven(waits, names.name, inLine),
      record('2'),
    ]);
    expect(told(taken.records)).toEqual([
      ...['a says 1:1', 'letter of a: redriven', 'a says 2:1', 'letter of a: redriven', 'a says 3:2'],
      'a holds {"count":3}',
    ]);
  });

  it('a letter that is dropped is noted, and its record is not decided', async () => {
    const { decider, record, told, lines, names } = await open(parking);
    const dies = record('break');
    await decider.decide([dies]);
    lines?.publish();
    const dropped = await decider.decide([
      redriven(dies, names.name, { ...inLine, [redriveHeaders.drop]: 'yes' }),
      record('1'),
    ]);
    expect(told(dropped.records)).toEqual(['letter of a: dropped', 'a says 1:1', 'a holds {"count":1}']);
    expect(dropped.deadCodes).toEqual([]);
  });

  it('what is redriven for another reader is passed over', async () => {
    const { decider, record } = await open(parking);
    expect((await decider.decide([forAnother(record('0'))])).records).toEqual([]);
  });
});
