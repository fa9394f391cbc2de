import { afterEach, expect, it } from 'vitest';
import { costOf } from '../../../schemas/amount.ts';
import { noTools, textMessage } from '../../../schemas/contexts/slm/messages.ts';
import { cancelSlmRequest, type RecordOf, slmRequested } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import { slm } from '../../../streams/slm/slm.ts';
import { eventually, readWhole } from '../../kafka/contract/testing.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { Runner } from '../../runner/lives.ts';
import { dependenciesOf, localDecoder } from '../../runner/testing/processors.ts';
import { noSwitches } from '../../runner/testing/switches.ts';
import { runWorker } from '../../runner/worker/runner.ts';
import { createDeterministicProvider } from '../deterministic/deterministic.ts';
import { countTokens } from '../token-count.ts';
import { createSlmHandler } from './handler.ts';
import { inForce, servedBy } from './testing.ts';

const decoder = localDecoder();
let runner: Runner | null = null;
afterEach(() => runner?.close());

const requested = (requestId: string, content: string) =>
  slmRequested({
    ...{ subjectId: 'session', origin: 'conversation', requestId, principal: 'p', model: null, maxTokens: 2_000 },
    ...{ sessionId: 'session', turnId: requestId, turnSequence: 2 },
    ...{
      messages: [textMessage('user', content)],
      temperature: 0,
      seed: 1,
      stop: [],
      responseFormat: null,
      ...noTools,
      decisionId: 'd',
      lane: 'interactive',
    },
  });

it('a cancel ends a running request, and the next request of the session runs', async () => {
  const log = new MemoryLog();
  await log.createTopics(
    [topics.slmRequests, topics.conversationDeltas, topics.slmResponses, topics.slmMetrics].map(({ name }) => ({
      name,
      partitions: 4,
      config: {},
    })),
  );
  // An answer of a thousand words, 20 ms each, would take twenty seconds.
  const provider = createDeterministicProvider({ delayMs: 20, timeoutMs: 60_000, firstTokenTimeoutMs: 60_000 });
  const handler = createSlmHandler(servedBy(provider, { price: '1.000' }), {
    switches: noSwitches,
    now: Date.now,
    constitution: inForce(),
  });
  const { dependencies, metric } = dependenciesOf(log, decoder);
  runner = runWorker(slm, handler as Parameters<typeof runWorker>[1], dependencies);
  const appender = await log.appender();
  const send = (record: Parameters<typeof metaFor>[0]) => {
    const envelope = { ...metaFor(record), topic: topics.slmRequests.name, key: 'session', record, source: 'test' };
    return appender.append([toOutgoing(decoder.codec, envelope)]);
  };
  const written = async (topic: string) =>
    (await readWhole(log, topic)).map((stored) => decoder.decodeSync(stored).record);
  const said = () => written(topics.slmResponses.name);
  await send(requested('long', '[[words:1000]] Tell me all.'));
  await send(requested('short', '[[words:2]] Hi.'));
  await eventually(async () => expect(await written(topics.conversationDeltas.name)).not.toEqual([]));
  const ids = { subjectId: 'session', origin: 'conversation', reason: 'TURN_TIMED_OUT' } as const;
  await send(cancelSlmRequest({ ...ids, requestId: 'another' }));
  await send(cancelSlmRequest({ ...ids, requestId: 'long' }));
  await eventually(async () => expect((await said()).some(({ type }) => type === 'SlmCompleted')).toBe(true));
  const ends = (await said()) as RecordOf<'SlmFailed' | 'SlmCompleted'>[];
  expect(ends.map(({ type, data }) => [type, data.requestId])).toEqual([
    ['SlmFailed', 'long'],
    ['SlmCompleted', 'short'],
  ]);
  expect(ends[0]?.data).toMatchObject({ code: 'WORK_CANCELLED' });
  expect(await metric('khipu_worker_abandoned_total')).toBe(1);
  const metered = await written(topics.slmMetrics.name);
  expect(metered.map(({ data }) => 'outcome' in data && data.outcome)).toEqual(['failed', 'completed']);
  // The cancelled request is charged for its prompt and for at least the text that was written.
  const deltas = (await written(topics.conversationDeltas.name)) as RecordOf<'TurnDelta'>[];
  const shown = deltas.filter(({ data }) => data.turnId === 'long').map(({ data }) => data.text);
  const { tokensConsumed: used, cost, deltas: stretch } = (metered[0] as RecordOf<'SlmMetered'>).data;
  expect(stretch).toMatchObject({ count: shown.length, chars: shown.join('').length });
  expect(used.prompt).toBeGreaterThan(0);
  expect(used.completion).toBeGreaterThanOrEqual(countTokens(shown.join('')));
  expect(used.completion).toBeLessThan(900);
  expect(cost).toBe(costOf(used.prompt + used.completion, '1.000'));
});
