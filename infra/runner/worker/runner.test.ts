import { describe, expect, it } from 'vitest';
import { topics } from '../../../schemas/topics.ts';
import { worker } from '../../../streams/kernel.ts';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { deadLetterHeaders } from '../dead-letters/write.ts';
import { answer, ask, command, deadLettersOf, dependenciesOf } from '../testing/processors.ts';
import { decoder, open, sleep } from '../testing/worker-bench.ts';
import { runWorker } from './runner.ts';

describe('a worker on the log', () => {
  it('processes keys concurrently and the records of one key in order', async () => {
    const { start, send, settled, answers } = await open(2);
    let atWork = 0;
    let most = 0;
    const working = new Set<string>();
    const runner = start(async (key) => {
      expect(working.has(key)).toBe(false);
      working.add(key);
      atWork += 1;
      most = Math.max(most, atWork);
      await sleep(5);
      atWork -= 1;
      working.delete(key);
    });
    const keys = numbered(10).map((key) => `key ${key}`);
    for (const prompt of numbered(10)) await send(...keys.map((key) => [key, prompt] as const));
    await settled();
    await runner.close();
    expect(most).toBeGreaterThan(5);
    const answered = await answers(...keys);
    for (const key of keys) expect(answered.get(key)).toEqual(numbered(10).map((prompt) => `1:${prompt}`));
  });

  it('does not delay other keys behind a slow key, and commits only below it', async () => {
    const { log, names, group, start, send, settled, answers } = await open();
    let finish: () => void = () => undefined;
    const runner = start(async (key) => {
      if (key === 'slow')
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
    });
    await send(['a', '0'], ['slow', '1'], ['b', '2'], ['c', '3'], ['a', '4']);
    await eventually(async () => expect((await answers('a')).get('a')).toEqual(['1:0', '1:4']));
    const [position] = await log.committed(group, [names.input.name]);
    expect(position?.offset).toBe(1);
    finish();
    await settled();
    await runner.close();
  });

  it('retries a failed record, counts the attempts, then abandons it', async () => {
    const { start, send, settled, abandoned, answers } = await open(1, { attemptsMax: 2 });
    const runner = start(
      async (_key, prompt, { attempt }) => {
        if (prompt === 'once' && attempt === 1) throw new Error('not yet');
        if (prompt === 'never') throw new Error(`failed ${attempt}`);
      },
      (key, prompt, { attempt, emit }) => emit(answer(key, attempt, `gave up ${prompt}`)),
    );
    await send(['a', 'once'], ['a', 'never'], ['a', 'after']);
    await settled();
    await runner.close();
    expect(abandoned).toEqual(['a:never:2:failed 2']);
    expect((await answers('a')).get('a')).toEqual(['2:once', '2:gave up never', '1:after']);
  });

  it('makes a dead letter of a record that cannot be abandoned or decoded, and continues with the key', async () => {
    const { log, names, start, send, settled, answers, metric } = await open(1, { attemptsMax: 1 });
    const runner = start(
      async (_key, prompt) => {
        if (prompt === 'never') throw new Error('failed');
      },
      async () => {
        throw Object.assign(new Error('cannot even say so'), { code: 'ABANDON_BROKE' });
      },
    );
    const appender = await log.appender();
    await send(['a', 'never']);
    await appender.append([{ ...command(names, decoder, ask('a', 'junk'), 'a'), value: Buffer.from('junk') }]);
    await send(['a', 'after']);
    await settled();
    await runner.close();
    const letters = await deadLettersOf(log, names);
    expect(letters.map(({ headers }) => headers[deadLetterHeaders.code])).toEqual([
      'ABANDON_BROKE',
      'BYTES_NOT_FRAMED',
    ]);
    expect((await answers('a')).get('a')).toEqual(['1:after']);
    expect(await metric('khipu_dead_letters_total')).toBe(2);
  });

  it('takes one input', async () => {
    const two = worker({
      ...{ name: 'two', inputs: [topics.slmRequests, topics.slmResponses], outputs: [], key: () => null },
      ...{ concurrencyMax: 1, attemptsMax: 1, deadlineMs: 1 },
    });
    const handler = { handle: async () => undefined, abandon: async () => undefined };
    const runner = runWorker(two, handler, dependenciesOf(new MemoryLog(), decoder).dependencies);
    await eventually(async () => expect((await runner.health()).detail).toContain('must have one input'));
    await runner.close();
  });
});
