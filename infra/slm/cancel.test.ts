import { afterEach, expect, it } from 'vitest';
import { cancelSlmRequest, type RecordOf, slmRequested } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import { slm } from '../../streams/slm/slm.ts';
import { eventually, readWhole } from '../kafka/contract/testing.ts';
import { toOutgoing } from '../kafka/envelope.ts';
import { MemoryLog } from '../kafka/memory/log.ts';
import type { Runner } from '../kafka/runner/processor-runner.ts';
import { dependenciesOf, localDecoder } from '../kafka/runner/testing.ts';
import { runWorker } from '../kafka/runner/worker-runner.ts';
import { createDeterministicProvider } from '../providers/deterministic.ts';
import { createSlmHandler } from './handler.ts';
import type { Switches } from './kill-switch.ts';

const decoder = localDecoder();
let runner: Runner | null = null;
afterEach(() => runner?.close());

const requested = (requestId: string, content: string) =>
  slmRequested({
    ...{ subjectId: 'session', origin: 'conversation', requestId, principal: 'p', model: null, maxTokens: 2_000 },
    ...{ messages: [{ role: 'user', content }], temperature: 0, seed: 1, decisionId: 'd' },
  });

it('a request is ended by its cancel while it is answered, and the next of the session goes on', async () => {
  const log = new MemoryLog();
  await log.createTopics(
    [topics.slmRequests, topics.slmResponses, topics.slmMetrics].map(({ name }) => ({
      name,
      partitions: 4,
      config: {},
    })),
  );
  // An answer of a thousand words, 20 ms each, would take twenty seconds.
  const provider = createDeterministicProvider({ delayMs: 20, timeoutMs: 60_000, firstTokenTimeoutMs: 60_000 });
  const switches: Switches = { ready: Promise.resolve(), over: () => [], listen: () => () => undefined };
  const handler = createSlmHandler(provider, {
    pricePerMillionTokens: '1.000',
    currency: 'USD',
    switches,
    now: Date.now,
  });
  const { dependencies, metric } = dependenciesOf(log, decoder);
  runner = runWorker(slm, handler as Parameters<typeof runWorker>[1], dependencies);
  const appender = await log.appender();
  const send = (record: Parameters<typeof metaFor>[0]) => {
    const envelope = { ...metaFor(record), topic: topics.slmRequests.name, key: 'session', record, source: 'test' };
    return appender.append([toOutgoing(decoder.codec, envelope)]);
  };
  const said = async () =>
    (await readWhole(log, topics.slmResponses.name)).map((stored) => decoder.decodeSync(stored).record);
  await send(requested('long', '[[words:1000]] Tell me all.'));
  await send(requested('short', '[[words:2]] Hi.'));
  await eventually(async () => expect((await said()).some(({ type }) => type === 'SlmDelta')).toBe(true));
  const ids = { subjectId: 'session', origin: 'conversation', reason: 'TURN_TIMED_OUT' } as const;
  await send(cancelSlmRequest({ ...ids, requestId: 'another' }));
  await send(cancelSlmRequest({ ...ids, requestId: 'long' }));
  await eventually(async () => expect((await said()).some(({ type }) => type === 'SlmCompleted')).toBe(true));
  const ends = (await said()).filter(({ type }) => type !== 'SlmDelta') as RecordOf<'SlmFailed' | 'SlmCompleted'>[];
  expect(ends.map(({ type, data }) => [type, data.requestId])).toEqual([
    ['SlmFailed', 'long'],
    ['SlmCompleted', 'short'],
  ]);
  expect(ends[0]?.data).toMatchObject({ code: 'WORK_CANCELLED' });
  expect(await metric('khipu_worker_abandoned_total')).toBe(1);
  const metered = (await readWhole(log, topics.slmMetrics.name)).map((stored) => decoder.decodeSync(stored).record);
  expect(metered.map(({ data }) => 'outcome' in data && data.outcome)).toEqual(['failed', 'completed']);
});
