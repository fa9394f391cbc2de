import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, numbered, unique } from '../../../infra/kafka/contract/testing.ts';
import { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { openRegistry } from '../../../infra/kafka/registry.ts';
import { systemClock } from '../../../infra/kit/clock.ts';
import { deadLetterHeaders } from '../../../infra/runner/dead-letters/write.ts';
import { groupOf, transactionalIdOf } from '../../../infra/runner/names.ts';
import { runProcessor } from '../../../infra/runner/processor/runner.ts';
import {
  answer,
  answersOf,
  ask,
  COMMAND_TIME_MS,
  command,
  counter,
  deadLettersOf,
  dependenciesOf,
  type Names,
  prepare,
  statesOf,
  uncommitted,
} from '../../../infra/runner/testing/processors.ts';
import { prepareTimed, reminder, rung } from '../../../infra/runner/testing/reminder.ts';
import type { WorkHandler } from '../../../infra/runner/worker/attempts.ts';
import { runWorker } from '../../../infra/runner/worker/runner.ts';
import { topics } from '../../../schemas/topics.ts';
import { worker } from '../../../streams/kernel.ts';

let log: Log;
let decoder: RecordDecoder;

async function open(partitions = 4) {
  const names = await prepare(log, partitions);
  // Outputs share a topic with other tests: keys distinguish them.
  const keys = numbered(16).map((key) => unique(`key${key}`));
  const appender = await log.appender();
  const send = (from: number, to: number): Promise<unknown> =>
    appender.append(
      numbered(to)
        .slice(from)
        .flatMap((prompt) => keys.map((key) => command(names, decoder, ask(key, prompt), key))),
    );
  const expectOnce = async (count: number): Promise<void> => {
    await settled(names);
    const expected = numbered(count).map((prompt) => `${Number(prompt) + 1}:${prompt}`);
    await eventually(async () => {
      const answers = await answersOf(log, decoder, keys);
      for (const key of keys) expect(answers.get(key)).toEqual(expected);
    });
  };
  return { names, keys, appender, send, expectOnce };
}

const settled = (names: Names): Promise<void> => eventually(async () => expect(await uncommitted(log, names)).toBe(0));

/** Declares the runner tests on a real broker, for any driver of the port. Called once per test file. */
export function describeRunners(driver: string, openLog: () => Log): void {
  beforeAll(async () => {
    log = openLog();
    const registry = await openRegistry(process.env['SCHEMA_REGISTRY_URL'] ?? '');
    decoder = new RecordDecoder(registry.codec, registry.lookup);
  });
  afterAll(() => log.close());

  describe(`a processor on a real broker, over ${driver}`, () => {
    it('answers every record once, in order per key, and keeps its state over a restart', async () => {
      const { names, keys, send, expectOnce } = await open();
      const first = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
      await send(0, 50);
      await expectOnce(50);
      await first.close();
      await send(50, 60);
      const second = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
      await expectOnce(60);
      await second.close();
      const states = await statesOf(log, names);
      for (const key of keys) expect(states.get(key)).toEqual({ count: 60 });
    });

    it('shares its partitions with a second process, and takes them all when that one leaves', async () => {
      const { names, send, expectOnce } = await open();
      const [one, two] = [dependenciesOf(log, decoder), dependenciesOf(log, decoder)];
      const first = runProcessor(counter(names), one.dependencies);
      await send(0, 10);
      const second = runProcessor(counter(names), two.dependencies);
      await eventually(async () => expect(await second.health()).toMatchObject({ ok: true }));
      await send(10, 30);
      await expectOnce(30);
      expect(await one.metric('khipu_records_in_total')).toBeGreaterThan(0);
      expect(await two.metric('khipu_records_in_total')).toBeGreaterThan(0);
      await first.close();
      await send(30, 40);
      await expectOnce(40);
      await second.close();
    });

    it('restarts after a newer holder of its transactional id has fenced it, without loss or duplicates', async () => {
      const { names, send, expectOnce } = await open(1);
      const { dependencies, metric } = dependenciesOf(log, decoder);
      const runner = runProcessor(counter(names), dependencies);
      await send(0, 5);
      await expectOnce(5);
      const thief = await log.transactor(transactionalIdOf(names.name, 0));
      await send(5, 10);
      await expectOnce(10);
      expect(await metric('khipu_restarts_total')).toBeGreaterThan(0);
      const late = thief.commit({
        records: [],
        group: groupOf(names.name),
        offsets: [{ topic: names.input.name, partition: 0, offset: 0, metadata: '' }],
      });
      await expect(late).rejects.toMatchObject({ code: 'FENCED' });
      await thief.close();
      await runner.close();
    });

    it('dead-letters records that cannot be decoded or decided, in the same transaction, and continues', async () => {
      const { names, keys, appender, send, expectOnce } = await open();
      const key = keys[0] ?? '';
      const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
      await send(0, 1);
      const junk = { ...command(names, decoder, ask(key, 'junk'), key), value: Buffer.from('junk') };
      const unknown = { ...junk, value: Buffer.from([0, 127, 255, 255, 255, 1]) };
      await appender.append([junk, unknown, command(names, decoder, ask(key, 'break'), key)]);
      await send(1, 2);
      await expectOnce(2);
      await runner.close();
      const codes = (await deadLettersOf(log, names)).map(({ headers }) => headers[deadLetterHeaders.code]);
      expect(codes).toEqual(['BYTES_NOT_FRAMED', 'RECORD_UNKNOWN', 'UNEXPECTED']);
    });

    it('fires its timers once, although their process has ended when they are due', async () => {
      const names = await prepareTimed(log);
      const keys = numbered(16).map((key) => unique(`key${key}`));
      let nowMs = COMMAND_TIME_MS;
      // Waits are real: a runner may have to retry until the broker knows the new topics.
      const clock = { ...systemClock, now: () => nowMs };
      const start = () => runProcessor(reminder(names), { ...dependenciesOf(log, decoder).dependencies, clock });
      const saidByAll = (answers: readonly string[]): Promise<void> =>
        eventually(async () => {
          const said = await answersOf(log, decoder, keys);
          for (const key of keys) expect(said.get(key)?.map((each) => each.split(':')[1])).toEqual(answers);
        });
      const appender = await log.appender();
      const first = start();
      await eventually(async () => expect(await first.health()).toMatchObject({ ok: true }));
      await appender.append(keys.map((key) => command(names, decoder, ask(key, 'remind 60000'), key)));
      await saidByAll(['remind 60000']);
      await first.close();
      const second = start();
      await eventually(async () => expect(await second.health()).toMatchObject({ ok: true }));
      nowMs += 59_999;
      await second.close();
      nowMs += 1;
      const third = start();
      await saidByAll(['remind 60000', 'ring']);
      await third.close();
      const fourth = start();
      await eventually(async () => expect(await fourth.health()).toMatchObject({ ok: true }));
      nowMs += 60_000;
      await fourth.close();
      const commands = await rung(log, decoder, names);
      expect(commands.map(({ key }) => key).sort()).toEqual([...keys].sort());
      for (const { timeMs } of commands) expect(timeMs).toBe(COMMAND_TIME_MS + 60_000);
      await appender.close();
    });

    it('drops the state of a finished key by a tombstone', async () => {
      const { names, keys, appender } = await open(1);
      const [gone = '', there = ''] = keys;
      const runner = runProcessor(counter(names), dependenciesOf(log, decoder).dependencies);
      const pairs = [
        [gone, '0'],
        [there, '0'],
        [gone, 'end'],
      ] as const;
      await appender.append(pairs.map(([key, prompt]) => command(names, decoder, ask(key, prompt), key)));
      await settled(names);
      await eventually(async () => expect([...(await statesOf(log, names)).keys()]).toEqual([there]));
      await runner.close();
    });
  });

  describe(`a worker on a real broker, over ${driver}`, () => {
    it('works concurrently, does not repeat finished work behind a stuck record, and loses nothing', async () => {
      const { names, keys, send } = await open(1);
      const declared = worker({
        ...{ name: names.name, inputs: [names.input], outputs: [topics.inferenceEvents] },
        key: ({ data }) => data.requestId,
        ...{ concurrencyMax: 64, attemptsMax: 5, deadlineMs: 60_000 },
      });
      const runs: string[] = [];
      const [stuck = '', ...others] = keys;
      const handle: WorkHandler['handle'] = async (record, context) => {
        const { requestId, prompt } = record.data as { requestId: string; prompt: string };
        runs.push(`${requestId}:${prompt}`);
        if (requestId === stuck && prompt === '0' && context.attempt === 1)
          await new Promise((_, reject) => {
            context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
          });
        await context.emit(answer(requestId, context.attempt, prompt));
      };
      const { dependencies, metric } = dependenciesOf(log, decoder);
      const runner = runWorker(declared, { handle, abandon: async () => undefined }, dependencies);
      await send(0, 5);
      await eventually(async () => {
        const answers = await answersOf(log, decoder, others);
        for (const key of others) expect(answers.get(key)).toHaveLength(5);
      });
      await eventually(async () => {
        const [place] = await log.committed(groupOf(names.name), [names.input.name]);
        expect(place?.offset).toBe(0);
        expect(place?.metadata).toMatch(/^1;.+;0:1$/);
      });
      runs.length = 0;
      // Another holder of the id fences the worker, which detects it at its next commit and restarts.
      const thief = await log.transactor(transactionalIdOf(names.name, 0));
      await thief.close();
      await send(5, 6);
      await settled(names);
      await runner.close();
      expect(await metric('khipu_restarts_total')).toBeGreaterThan(0);
      expect(runs.filter((run) => !run.endsWith(':5')).sort()).toEqual(
        numbered(5).map((prompt) => `${stuck}:${prompt}`),
      );
      const said = (await answersOf(log, decoder, [stuck])).get(stuck)?.map((each) => each.split(':')[1]);
      expect(said).toEqual(numbered(6));
    });
  });
}
