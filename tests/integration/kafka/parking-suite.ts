import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, numbered, unique } from '../../../infra/kafka/contract/testing.ts';
import { LogError } from '../../../infra/kafka/errors.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { listDeadLetters } from '../../../infra/runner/dead-letters/select.ts';
import { settle } from '../../../infra/runner/dead-letters/settle.ts';
import { note } from '../../../infra/runner/dead-letters/write.ts';
import { transactionalIdOf } from '../../../infra/runner/names.ts';
import { runProcessor } from '../../../infra/runner/processor/runner.ts';
import {
  answer,
  answersOf,
  ask,
  command,
  counter,
  dependenciesOf,
  localDecoder,
  prepare,
  uncommitted,
} from '../../../infra/runner/testing/processors.ts';

const decoder = localDecoder();

/** Declares the parking tests on a real broker, for any driver of the port. */
export function describeParking(driver: string, openLog: () => Log): void {
  let log: Log;
  beforeAll(() => {
    log = openLog();
  });
  afterAll(() => log.close());

  describe(`a parked key on a real broker, over ${driver}`, () => {
    it('stays parked through a takeover, and is redriven once and in order by two runs of the tool', async () => {
      const names = await prepare(log, 1);
      const topic = names.input.name;
      const [parked = '', free = ''] = numbered(2).map((key) => unique(`key${key}`));
      let broken = true;
      const parking = counter(names, {
        poison: 'park',
        decide: (state, record) => {
          const { requestId, prompt } = record.data as { requestId: string; prompt: string };
          if (prompt === 'break' && broken) throw new Error('decide broke');
          return [answer(requestId, (state as { count: number }).count + 1, prompt)];
        },
      });
      const appender = await log.appender();
      const send = async (key: string, ...prompts: string[]): Promise<void> => {
        await appender.append(prompts.map((prompt) => command(names, decoder, ask(key, prompt), key)));
      };
      const settled = () => eventually(async () => expect(await uncommitted(log, names)).toBe(0));
      const said = async (key: string) => (await answersOf(log, decoder, [key])).get(key);
      const runner = runProcessor(parking, dependenciesOf(log, decoder).dependencies);
      await send(parked, '0', 'break', '1');
      await send(free, '0');
      await settled();
      // Another holder of the id fences the task; a dead letter of another writer in the same partition is ignored.
      const thief = await log.transactor(transactionalIdOf(names.name, 0));
      const [letter] = await listDeadLetters(log, { topic });
      const first = { topic, partition: 0, key: parked, record: letter?.record ?? '' };
      const other = note(first, 'another.writer', 'redriven', 'unknown');
      await thief.commit({ records: [other], group: 'khipu.dlq', offsets: [] });
      await thief.close();
      await send(parked, '2');
      await send(free, '1');
      await settled();
      expect(await said(parked)).toEqual(['1:0']);
      expect(await said(free)).toEqual(['1:0', '2:1']);
      expect((await listDeadLetters(log, { topic })).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);

      const redrive = () => settle({ log, verb: 'redrive', filter: { topic }, by: 'me', waitMs: 20_000 });
      expect((await redrive()).parked).toHaveLength(3);
      broken = false;
      // They may fence each other, even both: nothing is settled twice, and the next run settles the rest.
      for (const ended of await Promise.allSettled([redrive(), redrive()]))
        if (ended.status === 'rejected') expect(ended.reason).toBeInstanceOf(LogError);
      await eventually(async () => expect((await redrive()).parked).toEqual([]));
      await send(parked, '3');
      await settled();
      await runner.close();
      await appender.close();
      expect(await said(parked)).toEqual(['1:0', '2:break', '3:1', '4:2', '5:3']);
      expect(await listDeadLetters(log, { topic })).toEqual([]);
    });
  });
}
