import { expect, it } from 'vitest';
import { eventually } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { deadLetterHeaders } from '../dead-letters/write.ts';
import {
  answersOf,
  ask,
  command,
  counter,
  deadLettersOf,
  dependenciesOf,
  localDecoder,
  prepare,
  uncommitted,
} from '../testing/processors.ts';
import { runProcessor } from './runner.ts';

it('a record that cannot be decided becomes a dead letter of its topic, unchanged, with cause and origin', async () => {
  const decoder = localDecoder();
  const log = new MemoryLog();
  const names = await prepare(log);
  const { dependencies, metric } = dependenciesOf(log, decoder);
  const broke = () => {
    throw Object.assign(new Error('decide broke'), { code: 'DECIDE_BROKE' });
  };
  const sound = counter(names);
  const fragile = counter(names, {
    decide: (...given) => (JSON.stringify(given[1].data).includes('bad') ? broke() : sound.decide(...given)),
  });
  const runner = runProcessor(fragile, dependencies);
  const asked = (prompt: string) => command(names, decoder, ask('a', prompt), 'a');
  const sent = asked('bad');
  await (await log.appender()).append([asked('before'), sent, asked('after')]);
  await eventually(async () => expect(await uncommitted(log, names)).toBe(0));
  await runner.close();
  expect((await answersOf(log, decoder, ['a'])).get('a')).toEqual(['1:before', '2:after']);
  const [letter, ...others] = await deadLettersOf(log, names);
  expect(others).toEqual([]);
  expect([letter?.key, letter?.value]).toEqual(['a', sent.value]);
  expect(letter?.headers).toMatchObject({
    ...sent.headers,
    [deadLetterHeaders.code]: 'DECIDE_BROKE',
    [deadLetterHeaders.message]: 'decide broke',
    [deadLetterHeaders.processor]: names.name,
    [deadLetterHeaders.topic]: names.input.name,
    [deadLetterHeaders.partition]: String(letter?.partition),
    [deadLetterHeaders.attempt]: '1',
  });
  expect(letter?.headers[deadLetterHeaders.stack]).toContain('processor/dead-letters.test');
  const { records } = log.fetch(
    names.input.name,
    letter?.partition ?? 0,
    Number(letter?.headers[deadLetterHeaders.offset]),
  );
  expect(records[0]?.value).toEqual(sent.value);
  expect([await metric('khipu_dead_letters_total'), await metric('khipu_restarts_total')]).toEqual([1, 0]);
});
