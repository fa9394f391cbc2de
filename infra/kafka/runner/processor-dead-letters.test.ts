import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyRecord } from '../../../schemas/generated/records.ts';
import { eventually } from '../contract/testing.ts';
import type { LogRecord, OutgoingRecord } from '../log.ts';
import { MemoryLog } from '../memory/log.ts';
import { deadLetterHeaders } from './dead-letter.ts';
import { type Runner, runProcessor } from './processor-runner.ts';
import {
  answer,
  answersOf,
  ask,
  type Count,
  command,
  counter,
  deadLettersOf,
  dependenciesOf,
  localDecoder,
  type Names,
  prepare,
  uncommitted,
} from './testing.ts';

const decoder = localDecoder();
const log = new MemoryLog();
const told = dependenciesOf(log, decoder);
let names: Names;
let runner: Runner;

beforeAll(async () => {
  names = await prepare(log);
  runner = runProcessor(
    counter(names, {
      key: ({ data }) => {
        const { requestId, prompt } = data as { requestId: string; prompt: string };
        if (prompt === 'no key') throw new Error('key broke');
        return requestId;
      },
      decide: (state, record) => {
        const { requestId, prompt } = record.data as { requestId: string; prompt: string };
        if (prompt === 'break') throw Object.assign(new Error('decide broke'), { code: 'DECIDE_BROKE' });
        const outputs: AnyRecord[] = [answer(requestId, (state as { count: number }).count + 1, prompt)];
        if (prompt === 'foreign') outputs.push(ask(requestId, 'to a topic that was not declared'));
        if (prompt === 'not avro') outputs.push({ type: 'InferenceFailed', data: { requestId, code: 7 } } as never);
        if (prompt === 'too large') outputs.push(answer(requestId, 0, 'x'.repeat(1_000_000)));
        return outputs;
      },
      evolve: (state, { data }) => ({
        count: (state as Count).count + 1,
        held: 'detail' in data && data.detail === 'heavy' ? 'x'.repeat(1_000_000) : (state as { held?: string }).held,
      }),
    }),
    told.dependencies,
  );
});
afterAll(() => runner.close());

let cases = 0;
/** Sends a bad record between two good ones of its key, and gives back the dead letter. */
async function letterOf(
  bad: (fine: OutgoingRecord) => OutgoingRecord,
): Promise<{ letter: LogRecord; sent: OutgoingRecord }> {
  cases += 1;
  const key = `key ${cases}`;
  const fine = (prompt: string): OutgoingRecord => command(names, decoder, ask(key, prompt), key);
  const sent = bad(fine('bad'));
  const appender = await log.appender();
  await appender.append([fine('before'), sent, fine('after')]);
  await eventually(async () => expect(await uncommitted(log, names)).toBe(0));
  expect((await answersOf(log, decoder, [key])).get(key)).toEqual(['1:before', '2:after']);
  const letters = (await deadLettersOf(log, names)).filter((letter) => letter.key === key);
  expect(letters).toHaveLength(1);
  return { letter: letters[0] as LogRecord, sent };
}
const prompting = (prompt: string) => (fine: OutgoingRecord) =>
  command(names, decoder, ask(fine.key ?? '', prompt), fine.key ?? '');
const without = (header: string) => (fine: OutgoingRecord) => ({
  ...fine,
  headers: Object.fromEntries(Object.entries(fine.headers).filter(([name]) => name !== header)),
});

describe('a record that cannot be decided', () => {
  it('goes to the dead letters of its topic as it was, with why and from where', async () => {
    const { letter, sent } = await letterOf(prompting('break'));
    expect(letter.value).toEqual(sent.value);
    expect(letter.headers).toMatchObject({
      ...sent.headers,
      [deadLetterHeaders.code]: 'DECIDE_BROKE',
      [deadLetterHeaders.message]: 'decide broke',
      [deadLetterHeaders.processor]: names.name,
      [deadLetterHeaders.topic]: names.input.name,
      [deadLetterHeaders.partition]: String(letter.partition),
      [deadLetterHeaders.attempt]: '1',
    });
    expect(letter.headers[deadLetterHeaders.stack]).toContain('processor-dead-letters.test');
    const origin = log.fetch(names.input.name, letter.partition, Number(letter.headers[deadLetterHeaders.offset]));
    expect(origin.records[0]?.value).toEqual(sent.value);
  });

  for (const [what, bad, code] of [
    [
      'bytes that are not framed',
      (fine: OutgoingRecord) => ({ ...fine, value: Buffer.from('{}') }),
      'BYTES_NOT_FRAMED',
    ],
    [
      'a body cut short',
      (fine: OutgoingRecord) => ({ ...fine, value: fine.value?.subarray(0, 12) ?? null }),
      'BYTES_NOT_AVRO',
    ],
    [
      'a schema nobody knows',
      (fine: OutgoingRecord) => ({ ...fine, value: Buffer.from([0, 0, 9, 9, 9, 1]) }),
      'RECORD_UNKNOWN',
    ],
    [
      'another record than its header says',
      (fine: OutgoingRecord) => ({ ...fine, headers: { ...fine.headers, ce_type: 'khipu.inference.EmbedText' } }),
      'RECORD_UNKNOWN',
    ],
    ['no value', (fine: OutgoingRecord) => ({ ...fine, value: null }), 'ENVELOPE_INVALID'],
    ['no id', without('ce_id'), 'ENVELOPE_INVALID'],
    ['no type', without('ce_type'), 'ENVELOPE_INVALID'],
    ['no tenant', without('ce_tenantid'), 'ENVELOPE_INVALID'],
    [
      'a time that is none',
      (fine: OutgoingRecord) => ({ ...fine, headers: { ...fine.headers, ce_time: 'noon' } }),
      'ENVELOPE_INVALID',
    ],
    ['a key that cannot be told', prompting('no key'), 'UNEXPECTED'],
    ['an output for a topic that was not declared', prompting('foreign'), 'UNEXPECTED'],
    ['an output that breaks its schema', prompting('not avro'), 'UNEXPECTED'],
    ['an output larger than the log takes', prompting('too large'), 'RECORD_TOO_LARGE'],
    ['a state larger than the log takes', prompting('heavy'), 'RECORD_TOO_LARGE'],
  ] as const)
    it(`is a dead letter for ${what}, and the next of its key goes on`, async () => {
      const { letter } = await letterOf(bad);
      expect(letter.headers[deadLetterHeaders.code]).toBe(code);
    });

  it('counts in the metrics by code, and never as a restart', async () => {
    expect(await told.metric('khipu_dead_letters_total')).toBe(cases);
    expect(await told.metric('khipu_restarts_total')).toBe(0);
  });
});
