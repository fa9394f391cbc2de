import { describe, expect, it } from 'vitest';
import type { AnyRecord } from '../../../schemas/generated/records.ts';
import type { Processor } from '../../../streams/kernel.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { deadLetterHeaders, recordNameOf, redriveHeaders } from '../dead-letters/write.ts';
import { forAnother, surroundings } from '../testing/processor-task.ts';
import { answer, ask, type Count, counter } from '../testing/processors.ts';
import { Decider } from './decider.ts';

const broken = (code: string): Error => Object.assign(new Error(`${code} it is`), { code });
const promptOf = ({ data }: AnyRecord): string => ('prompt' in data ? String(data.prompt) : '');

/** Answers each prompt with its number within its key, except the prompts below, which fail. */
const fragile: Partial<Processor> = {
  key: (record, { key }) => {
    if (promptOf(record) === 'no key') throw broken('KEY_BROKE');
    return promptOf(record) === 'of another key' ? 'another' : key;
  },
  decide: (state, record, { key }) => {
    const prompt = promptOf(record);
    if (prompt === 'break') throw broken('DECIDE_BROKE');
    const outputs: AnyRecord[] = [answer(key, (state as Count).count + 1, prompt)];
    if (prompt === 'foreign') outputs.push(ask(key, 'to a topic that was not declared'));
    if (prompt === 'not avro') outputs.push({ type: 'InferenceFailed', data: { requestId: key, code: 7 } } as never);
    if (prompt === 'too large') outputs.push(answer(key, 0, 'x'.repeat(1_000_000)));
    return outputs;
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
    ['bytes that are not a record', (record) => ({ ...record(''), value: Buffer.from('{}') }), 'BYTES_NOT_FRAMED'],
    ['a record without an envelope', (record) => ({ ...record(''), headers: {} }), 'ENVELOPE_INVALID'],
    ['a state key that cannot be computed', prompting('no key'), 'KEY_BROKE'],
    ['a state key that is not the partition key', prompting('of another key'), 'KEY_MISMATCH'],
    ['a decision that throws', prompting('break'), 'DECIDE_BROKE'],
    ['an event that cannot be folded', prompting('fold'), 'EVOLVE_BROKE'],
    ['an output for an undeclared topic', prompting('foreign'), 'UNEXPECTED'],
    ['an output that breaks its schema', prompting('not avro'), 'UNEXPECTED'],
    ['an output larger than the log takes', prompting('too large'), 'RECORD_TOO_LARGE'],
  ] as const satisfies readonly (readonly [string, (record: (prompt: string) => LogRecord) => LogRecord, string])[])(
    'is a dead letter for %s: none of its outputs are written, and its key continues',
    async (_, bad, code) => {
      const { decider, record, summaries, changesIn } = await open();
      const staged = await decider.decide([record('before'), bad(record), record('after')]);
      expect(summaries(staged.records)).toEqual([
        ...['a says 1:before', `a died of ${code}`, 'a says 2:after', 'a holds {"count":2}'],
      ]);
      expect(changesIn(staged).deadCodes).toEqual([code]);
    },
  );

  it('becomes a dead letter with its cause and one run', async () => {
    const { decider, record } = await open();
    const [letter] = (await decider.decide([record('break')])).records;
    expect(letter?.headers).toMatchObject({
      [deadLetterHeaders.message]: 'DECIDE_BROKE it is',
      [deadLetterHeaders.attempt]: '1',
    });
    const [misplaced] = (await decider.decide([record('of another key')])).records;
    expect(misplaced?.headers[deadLetterHeaders.message]).toContain('state key another, record placed by a');
    const [tooLarge] = (await decider.decide([record('too large')])).records;
    expect(tooLarge?.headers[deadLetterHeaders.message]).toMatch(/^1000\d\d\d bytes to inference\.events$/);
  });

  it('may have any key when the processor keeps no state', async () => {
    const { decider, record, summaries } = await open({
      state: null,
      decide: (_, { data }) => [answer('a', 0, promptOf({ data } as AnyRecord))],
    });
    expect(summaries((await decider.decide([record('of another key')])).records)).toEqual(['a says 0:of another key']);
  });
});

it('an error that is not of the record ends this life of the task: no dead letter hides it', async () => {
  const { decider, record, state } = await open();
  const error = new Error('the state is unreadable');
  state.get = () => {
    throw error;
  };
  await expect(decider.decide([record('1')])).rejects.toBe(error);
});

describe('a decider that parks keys', () => {
  const parking: Partial<Processor> = { poison: 'park' };
  /** Returns the record as the tool appends it for the reader of its dead letter. */
  const redriven = (record: LogRecord, processor: string, rest: Record<string, string> = {}): LogRecord => ({
    ...record,
    offset: record.offset + 100,
    headers: {
      ...record.headers,
      ...rest,
      [redriveHeaders.processor]: processor,
      [redriveHeaders.record]: recordNameOf(record),
    },
  });
  const inLine = { [redriveHeaders.sequence]: '1' };

  it('parks the records behind a failed one, and continues with other keys', async () => {
    const { decider, record, summaries, changesIn } = await open(parking);
    const staged = await decider.decide([record('break'), record('1'), record('2', 'b')]);
    expect(summaries(staged.records)).toEqual([
      ...['a died of DECIDE_BROKE', 'a died of KEY_PARKED', 'b says 1:2', 'b holds {"count":1}'],
    ]);
    expect(changesIn(staged).deadCodes).toEqual(['DECIDE_BROKE', 'KEY_PARKED']);
  });

  it('parks a key only by a commit: staged changes without one are discarded', async () => {
    const { decider, record, summaries, parkedKeys } = await open(parking);
    const [dies, waits] = [record('break'), record('1')];
    await decider.decide([dies]);
    expect(summaries((await decider.decide([waits])).records)[0]).toBe('a says 1:1');
    await decider.decide([dies]);
    parkedKeys?.publish();
    expect(summaries((await decider.decide([waits])).records)).toEqual(['a died of KEY_PARKED']);
  });

  it('settles a dead letter in the transaction of its results, or keeps it when the record fails again', async () => {
    const { decider, record, summaries, parkedKeys, names, changesIn } = await open(parking);
    const [dies, waits] = [record('break'), record('1')];
    await decider.decide([dies, waits]);
    parkedKeys?.publish();
    const again = await decider.decide([redriven(dies, names.name, inLine), redriven(waits, names.name, inLine)]);
    expect(summaries(again.records)).toEqual(['letter of a: failed']);
    expect(changesIn(again).deadCodes).toEqual(['DECIDE_BROKE']);
    const mended = { ...dies, value: waits.value };
    const taken = await decider.decide([
      redriven(mended, names.name, inLine),
      redriven(waits, names.name, inLine),
      record('2'),
    ]);
    expect(summaries(taken.records)).toEqual([
      ...['a says 1:1', 'letter of a: redriven', 'a says 2:1', 'letter of a: redriven', 'a says 3:2'],
      'a holds {"count":3}',
    ]);
  });

  it('notes a dropped dead letter, and does not decide its record', async () => {
    const { decider, record, summaries, parkedKeys, names, changesIn } = await open(parking);
    const dies = record('break');
    await decider.decide([dies]);
    parkedKeys?.publish();
    const dropped = await decider.decide([
      redriven(dies, names.name, { ...inLine, [redriveHeaders.drop]: 'yes' }),
      record('1'),
    ]);
    expect(summaries(dropped.records)).toEqual(['letter of a: dropped', 'a says 1:1', 'a holds {"count":1}']);
    expect(changesIn(dropped).deadCodes).toEqual([]);
  });

  it('skips records redriven for another reader', async () => {
    const { decider, record } = await open(parking);
    expect((await decider.decide([forAnother(record('0'))])).records).toEqual([]);
  });
});
