import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWhole } from '../../infra/kafka/contract/testing.ts';
import type { LogRecord } from '../../infra/kafka/port.ts';
import { allTopics } from '../../schemas/topics.ts';
import { until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { killProcess } from '../support/kill-process.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { withPlatformLog } from '../support/platform-log.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

let receiver: OtlpReceiver;
let platform: TestPlatform;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_TRACES_SAMPLER: 'parentbased_always_on' },
    apart: ['slm'],
  });
});
afterAll(async () => {
  await platform?.stop();
  await receiver?.close();
});

const TRACE = 'f'.repeat(31);
const CLIENT_SPAN = 'c'.repeat(16);
/** Topics that hold no records of a chain: states have no envelope. */
const topicNames = allTopics.filter(({ kind }) => kind !== 'state').map(({ name }) => name);

const ofTrace = (traceId: string): ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);
const isRecord = ({ name }: ReceivedSpan): boolean => name.startsWith('create ');
const one = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.filter((span) => span.name === name);
  expect(found, name).toHaveLength(1);
  return found[0] as ReceivedSpan;
};

/** Runs a turn whose client is in a trace, and returns the spans of that trace once the row of its end is written. */
async function tracedTurn(nth: string, flags = '01'): Promise<readonly ReceivedSpan[]> {
  const traceId = TRACE + nth;
  const traceparent = `00-${traceId}-${CLIENT_SPAN}-${flags}`;
  const api = clientOf(platform);
  const { body } = await api.call<{ readonly turn_url: string; readonly token: string; readonly session_id: string }>(
    'POST',
    '/v1/sessions/start',
    { body: { persona: 'guide', prompt: 'What is a khipu?' }, headers: { traceparent } },
  );
  await api.stream(body as Parameters<typeof api.stream>[0], body.turn_url);
  if (flags === '00') return [];
  return until(
    async () => ofTrace(traceId),
    (spans) =>
      spans.some(
        ({ name, attributes }) => name === 'project events' && isEnd(spans, attributes['messaging.message.id']),
      ) &&
      spans.some(({ name }) => name === 'create slm.metrics') &&
      spans.some(({ name }) => name === 'POST /v1/sessions/start'),
    60_000,
  );
}

const isEnd = (spans: readonly ReceivedSpan[], id: unknown): boolean =>
  spans.some(
    ({ attributes }) =>
      attributes['messaging.message.id'] === id && attributes['khipu.record'] === 'khipu.conversation.TurnCompleted',
  );

const recordsOf = (traceId: string): Promise<readonly LogRecord[]> =>
  withPlatformLog(platform, async (log) => {
    const all: LogRecord[] = [];
    for (const topic of topicNames) all.push(...(await readWhole(log, topic)));
    return all.filter(({ headers }) => headers['traceparent']?.includes(traceId) === true);
  });

describe('a governed turn', () => {
  let spans: readonly ReceivedSpan[];
  beforeAll(async () => {
    spans = await tracedTurn('1');
  });

  test('is one tree under the span of its client', () => {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(ids.size).toBe(spans.length);
    expect(
      spans.filter(({ parentSpanId }) => !ids.has(parentSpanId)).map(({ name, parentSpanId }) => [name, parentSpanId]),
    ).toEqual([['POST /v1/sessions/start', CLIENT_SPAN]]);
    expect(spans.filter(({ startNs, endNs }) => endNs < startNs)).toEqual([]);
  });

  test('goes from the request to the row and the event of its stream', () => {
    const request = one(spans, 'POST /v1/sessions/start');
    expect(request.attributes).toMatchObject({ 'http.response.status_code': 201, 'http.route': '/v1/sessions/start' });
    const command = one(spans, 'create sessions.commands');
    expect(command.parentSpanId).toBe(request.spanId);
    const decision = spans.find(
      ({ name, parentSpanId }) => name === 'create policy.decisions' && parentSpanId === command.spanId,
    );
    const started = spans.find(
      ({ name, parentSpanId }) => name === 'create sessions.events' && parentSpanId === decision?.spanId,
    );
    expect(started?.attributes).toMatchObject({
      'khipu.record': 'khipu.sessions.SessionStarted',
      'khipu.tenant': 'demo',
    });
    const work = one(spans, 'process slm.requests');
    expect(work.parentSpanId).toBe(one(spans, 'create slm.requests').spanId);
    expect(work.service).toBe('khipu-worker-slm');
    const chat = spans.find(({ name }) => name.startsWith('chat '));
    expect(chat?.parentSpanId).toBe(work.spanId);
    expect(chat?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'deterministic',
      'gen_ai.response.model': 'khipu-deterministic-1',
      'gen_ai.response.finish_reasons': ['stop'],
    });
    expect(chat?.attributes['gen_ai.usage.output_tokens']).toBeGreaterThan(0);
    const end = spans.find((span) => span.attributes['khipu.record'] === 'khipu.conversation.TurnCompleted');
    const under = spans.filter(({ parentSpanId }) => parentSpanId === end?.spanId).map(({ name }) => name);
    expect(under).toEqual(expect.arrayContaining(['project events', 'deliver conversation.events']));
    expect(new Set(spans.map(({ schemaUrl }) => schemaUrl))).toEqual(
      new Set(['https://opentelemetry.io/schemas/1.45.0']),
    );
  });

  test('has a span of each of its records, with the ids of the record and the parent that its cause is', async () => {
    const records = await recordsOf(`${TRACE}1`);
    const known = new Set(records.map(({ headers }) => headers['ce_id']));
    const spansOfRecords = await until(
      async () => ofTrace(`${TRACE}1`).filter(isRecord),
      (found) => found.length >= known.size,
    );
    expect(known.size).toBeGreaterThan(10);
    expect(new Set(spansOfRecords.map(({ attributes }) => attributes['messaging.message.id']))).toEqual(known);
    const first16 = (id = ''): string => id.replaceAll('-', '').slice(0, 16);
    for (const { headers, topic } of records) {
      const span = spansOfRecords.find(({ attributes }) => attributes['messaging.message.id'] === headers['ce_id']);
      expect(headers['traceparent']).toBe(`00-${TRACE}1-${span?.spanId}-01`);
      expect(span?.spanId).toBe(first16(headers['ce_id']));
      expect(span?.name).toBe(`create ${topic}`);
      if (headers['ce_causationid'] !== headers['ce_id'])
        expect(span?.parentSpanId, topic).toBe(first16(headers['ce_causationid']));
    }
  });

  test('links each transaction with the records that it read, and each written record with its transaction', () => {
    const decision = spans.find(({ name }) => name === 'create policy.decisions');
    const [link] = decision?.links ?? [];
    const transaction = receiver.spans.find(({ spanId }) => spanId === link?.spanId);
    expect(transaction).toMatchObject({ name: 'process core', parentSpanId: '', traceId: link?.traceId });
    expect(transaction?.attributes['messaging.consumer.group.name']).toBe('khipu.core');
    expect(transaction?.links).toContainEqual({
      traceId: decision?.traceId,
      spanId: one(spans, 'create sessions.commands').spanId,
    });
  });
});

test('a kill of every processor between two turns adds no span a second time', async () => {
  const before = receiver.spans.length;
  await killProcess(platform, 'stream-all');
  await killProcess(platform, 'worker-slm');
  const spans = await tracedTurn('2');
  expect(spans.some(({ name }) => name.startsWith('chat '))).toBe(true);
  expect(receiver.spans.length).toBeGreaterThan(before);
  const records = receiver.spans.filter(isRecord).map(({ traceId, spanId }) => `${traceId}/${spanId}`);
  expect(new Set(records).size).toBe(records.length);
});

test('what the client does not sample is in the log with its trace, and has no span', async () => {
  await tracedTurn('3', '00');
  const records = await recordsOf(`${TRACE}3`);
  expect(records.length).toBeGreaterThan(10);
  expect(records.every(({ headers }) => headers['traceparent']?.endsWith('-00') === true)).toBe(true);
  // A turn that is sampled, and comes later, is there in full.
  await tracedTurn('4');
  expect(ofTrace(`${TRACE}3`)).toEqual([]);
});

test('any trace is built again from the log, under its ids, and one that was not sampled too', async () => {
  const later = await startOtlpReceiver();
  const env = { ...platform.env, OTEL_EXPORTER_OTLP_ENDPOINT: later.url };
  const exported = (nth: string) => khipu(['traces', 'export', '--from', '1h', '--trace', TRACE + nth, '--json'], env);
  try {
    const { code, stdout } = await exported('1');
    expect([code, JSON.parse(stdout)]).toEqual([0, { records: later.spans.length, traces: 1 }]);
    const shapeOf = ({ name, traceId, spanId, parentSpanId }: ReceivedSpan) => ({
      name,
      traceId,
      spanId,
      parentSpanId,
    });
    const bySpan = (one: { readonly spanId: string }, other: { readonly spanId: string }): number =>
      one.spanId.localeCompare(other.spanId);
    // The span of the request is not in the log, so its command is the root.
    const live = ofTrace(`${TRACE}1`).filter(isRecord).map(shapeOf);
    const request = one(ofTrace(`${TRACE}1`), 'POST /v1/sessions/start').spanId;
    expect(later.spans.map(shapeOf).toSorted(bySpan)).toEqual(
      live
        .map((span) => ({ ...span, parentSpanId: span.parentSpanId === request ? '' : span.parentSpanId }))
        .toSorted(bySpan),
    );
    const before = later.spans.length;
    await exported('3');
    expect(later.spans.length - before).toBe((await recordsOf(`${TRACE}3`)).length);
  } finally {
    await later.close();
  }
  const refusing = await startOtlpReceiver(401);
  const refused = await khipu(['traces', 'export', '--from', '1h'], {
    ...platform.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: refusing.url,
  });
  await refusing.close();
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('TRACES_REFUSED')]);
});
