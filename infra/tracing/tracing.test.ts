import { trace } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogRecord } from '../kafka/port.ts';
import { createLogger } from '../kit/logger.ts';
import { inCallSpan } from './call-span.ts';
import { inWorkSpan, traceDelivered, tracedOf, traceProjected } from './read-spans.ts';
import { type Committed, traceAppended, traceCommitted } from './record-spans.ts';
import { tracingOf } from './settings.ts';
import { startTracing, tracerInUse } from './start.ts';
import { settings, TRACE, traced, traceInto } from './testing.ts';

const COMMAND = '11111111-1111-5111-8111-111111111111';
const DECISION = '22222222-2222-5222-8222-222222222222';
const EVENT = '33333333-3333-5333-8333-333333333333';
const span = (id: string): string => id.replaceAll('-', '').slice(0, 16);

let running: ReturnType<typeof traceInto> | undefined;
const start = (config = settings) => {
  running = traceInto(config);
  return running;
};
afterEach(async () => {
  await running?.close();
  running = undefined;
});

const stored = (id: string, causationId: string, headers: Readonly<Record<string, string>> = {}): LogRecord =>
  ({ ...traced(id, causationId, {}, headers), partition: 0, offset: 7, timestampMs: 1 }) as LogRecord;
const transaction = (over: Partial<Committed> = {}): Committed => ({
  ...{ name: 'core', group: 'khipu.core', partition: 3, sinceMs: Date.now() - 5 },
  read: [stored(COMMAND, COMMAND)],
  written: [traced(DECISION, COMMAND), traced(EVENT, DECISION, { topic: 'sessions.events' })],
  ...over,
});
const shapeOf = (each: ReadableSpan) => ({
  name: each.name,
  trace: each.spanContext().traceId,
  span: each.spanContext().spanId,
  parent: each.parentSpanContext?.spanId,
});

describe('a committed transaction', () => {
  it('has a span of each record that it wrote, under the span of its cause', async () => {
    const { spans } = start();
    traceCommitted(transaction());
    const [decision, event] = await spans();
    expect([decision, event].map((each) => shapeOf(each as ReadableSpan))).toEqual([
      { name: 'create policy.decisions', trace: TRACE, span: span(DECISION), parent: span(COMMAND) },
      { name: 'create sessions.events', trace: TRACE, span: span(EVENT), parent: span(DECISION) },
    ]);
    expect(decision?.attributes).toMatchObject({
      'messaging.system': 'kafka',
      'messaging.destination.name': 'policy.decisions',
      'messaging.message.id': DECISION,
      'messaging.message.body.size': 5,
      'khipu.record': 'khipu.policy.PolicyDecided',
    });
  });

  it('has a span of its own trace, linked both ways', async () => {
    const { spans } = start();
    traceCommitted(transaction());
    const all = await spans();
    const own = all.find(({ name }) => name === 'process core');
    expect(own?.parentSpanContext).toBeUndefined();
    expect(own?.spanContext().traceId).not.toBe(TRACE);
    expect(own?.links.map(({ context }) => context.spanId)).toEqual([span(COMMAND)]);
    expect(all[0]?.links.map(({ context }) => context.spanId)).toEqual([own?.spanContext().spanId]);
    expect(own?.attributes).toMatchObject({ 'messaging.batch.message_count': 1, 'khipu.records_written': 2 });
  });

  it('that is made again after a takeover has the same ids', async () => {
    const { spans } = start();
    traceCommitted(transaction());
    traceCommitted(transaction());
    const ids = (await spans()).map((each) => shapeOf(each));
    expect(ids).toHaveLength(6);
    expect(ids.slice(3)).toEqual(ids.slice(0, 3));
  });

  it('continues the chain that a record names, under its span', async () => {
    const { spans } = start();
    traceCommitted(transaction({ written: [traced(DECISION, COMMAND, { parentSpan: 'b'.repeat(16) })] }));
    expect((await spans())[0]?.parentSpanContext?.spanId).toBe('b'.repeat(16));
  });

  it('of a worker is linked with what caused its records', async () => {
    const { spans } = start();
    traceCommitted(transaction({ name: 'slm', read: [], written: [traced(EVENT, DECISION)] }));
    const own = (await spans()).find(({ name }) => name === 'process slm');
    expect(own?.links.map(({ context }) => context)).toMatchObject([{ traceId: TRACE, spanId: span(DECISION) }]);
  });

  it.each([
    ['a trace that is not sampled', { traceparent: `00-${TRACE}-${span(EVENT)}-00` }],
    ['a dead letter', { khipu_dlq_processor: 'policy' }],
    ['a redriven record', { khipu_redrive_processor: 'policy' }],
    ['an invalid traceparent', { traceparent: 'cc-1af7-b7ad-00-more' }],
  ])('has no span of %s', async (_, headers) => {
    const { spans } = start();
    traceCommitted(transaction({ read: [], written: [traced(EVENT, DECISION, {}, headers)] }));
    expect((await spans()).filter(({ name }) => name.startsWith('create'))).toEqual([]);
  });

  it('has no span of states, which have no envelope', async () => {
    const { spans } = start();
    traceCommitted(transaction({ read: [], written: [{ ...traced(EVENT, DECISION), headers: {} }] }));
    expect(await spans()).toEqual([]);
  });
});

it('a command has the request as its parent; a first record without one is a root of the trace that it names', async () => {
  const { spans } = start();
  traceAppended([traced(COMMAND, COMMAND, { parentSpan: 'c'.repeat(16) }), traced(EVENT, EVENT)], Date.now());
  expect((await spans()).map((each) => shapeOf(each))).toMatchObject([
    { trace: TRACE, span: span(COMMAND), parent: 'c'.repeat(16) },
    { trace: TRACE, span: span(EVENT), parent: undefined },
  ]);
});

describe('work on a record', () => {
  const record = { id: EVENT, topic: 'slm.requests', offset: 4, traceparent: `00-${TRACE}-${span(EVENT)}-01` };

  it('is a child of the record; calls in it are its children, and its log lines have its ids', async () => {
    const { spans } = start();
    const lines: string[] = [];
    const logger = createLogger('test', 'info', { write: (line) => lines.push(line) });
    await inWorkSpan('slm', record, 1, () =>
      inCallSpan('chat m', { 'gen_ai.operation.name': 'chat' }, async (note) => {
        logger.info('asked');
        note({ 'gen_ai.usage.output_tokens': 3 });
      }),
    );
    logger.info('outside');
    const [chat, work] = await spans();
    expect([work?.name, work?.parentSpanContext?.spanId]).toEqual(['process slm.requests', span(EVENT)]);
    expect(chat?.parentSpanContext?.spanId).toBe(work?.spanContext().spanId);
    expect(chat?.attributes).toEqual({ 'gen_ai.operation.name': 'chat', 'gen_ai.usage.output_tokens': 3 });
    const [inside, outside] = lines.map((line) => JSON.parse(line) as object);
    expect(inside).toMatchObject({ trace_id: TRACE, span_id: chat?.spanContext().spanId });
    expect(outside).not.toHaveProperty('trace_id');
  });

  it('has another id in each run, and after a redrive, and the code of its error', async () => {
    const { spans } = start();
    const failing = async (): Promise<void> => {
      throw Object.assign(new Error('what a user wrote'), { code: 'SLM_TIMEOUT' });
    };
    for (const [offset, attempt] of [
      [4, 1],
      [4, 1],
      [4, 2],
      [9, 1],
    ] as const)
      await expect(inWorkSpan('slm', { ...record, offset }, attempt, failing)).rejects.toThrow();
    const all = await spans();
    expect(new Set(all.map((each) => each.spanContext().spanId)).size).toBe(3);
    expect(all[0]).toMatchObject({ attributes: { 'error.type': 'SLM_TIMEOUT' }, status: { code: 2 } });
    expect(JSON.stringify(all.map(({ status, attributes, events }) => [status, attributes, events]))).not.toContain(
      'wrote',
    );
  });

  it('of a trace that is not sampled is not recorded, nor are its calls', async () => {
    const { spans } = start();
    const unsampled = { ...record, traceparent: `${record.traceparent.slice(0, -2)}00` };
    await inWorkSpan('slm', unsampled, 1, () =>
      inCallSpan('chat m', {}, async () => expect(trace.getActiveSpan()?.spanContext().traceId).toBe(TRACE)),
    );
    expect(await spans()).toEqual([]);
  });
});

it('a row and an event of a stream are children of their record', async () => {
  const { spans } = start();
  traceProjected('events', 'postgres', stored(EVENT, DECISION), Date.now());
  traceProjected('events', 'postgres', stored(EVENT, DECISION), Date.now());
  const { trace: event } = tracedOf({ id: EVENT, topic: 't', traceparent: `00-${TRACE}-${span(EVENT)}-01` });
  if (event !== undefined) traceDelivered(event, `00-${'d'.repeat(32)}-${'e'.repeat(16)}-01`);
  const [first, again, delivered] = await spans();
  expect(first?.parentSpanContext?.spanId).toBe(span(EVENT));
  expect(again?.spanContext()).toMatchObject({ spanId: first?.spanContext().spanId });
  expect([delivered?.name, delivered?.parentSpanContext?.spanId]).toEqual(['deliver t', span(EVENT)]);
  expect(delivered?.links.map(({ context }) => context.traceId)).toEqual(['d'.repeat(32)]);
});

describe('the queue of spans', () => {
  const counted = async (register: Registry) => {
    const { values = [] } = (await register.getSingleMetric('khipu_trace_spans_total')?.get()) ?? {};
    return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]));
  };

  it('counts what it drops while the receiver is slow, and drops nothing else', async () => {
    const register = new Registry();
    const answers: (() => void)[] = [];
    const slow: SpanExporter = {
      export: (_, done) => void answers.push(() => done({ code: ExportResultCode.SUCCESS })),
      shutdown: async () => undefined,
    };
    const tracing = startTracing({ ...settings, queueSpansMax: 4 }, 'test', register, () => slow);
    // 12 spans: 4 on their way, 4 that wait, and 4 that do not fit.
    for (let nth = 0; nth < 4; nth += 1) traceCommitted(transaction());
    expect(await counted(register)).toEqual({ exported: 0, failed: 0, dropped: 4 });
    const closed = tracing.close();
    await expect.poll(() => answers.length).toBe(2);
    for (const answer of answers) answer();
    await closed;
    expect(await counted(register)).toEqual({ exported: 8, failed: 0, dropped: 4 });
  });

  it('counts what the receiver does not take, and the process goes on', async () => {
    const register = new Registry();
    const refusing: SpanExporter = {
      export: (_, done) => done({ code: ExportResultCode.FAILED, error: new Error('503') }),
      shutdown: async () => undefined,
    };
    const tracing = startTracing(settings, 'test', register, () => refusing);
    traceCommitted(transaction());
    await expect(tracing.flush()).rejects.toThrow('503');
    expect(await counted(register)).toEqual({ exported: 0, failed: 3, dropped: 0 });
    await tracing.close();
  });
});

describe('the settings', () => {
  const given = (over: object = {}) =>
    tracingOf({
      ...{ OTEL_TRACES_SAMPLER: 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: 1, OTEL_BSP_MAX_QUEUE_SIZE: 10 },
      ...over,
    });

  it('without a receiver trace nothing: there is no tracer, no metric and no context', async () => {
    expect(given()).toBeNull();
    const register = new Registry();
    startTracing(null, 'test', register);
    expect(tracerInUse()).toBeNull();
    expect(tracedOf({ id: EVENT, topic: 't', traceparent: `00-${TRACE}-${span(EVENT)}-01` })).toEqual({});
    expect(await register.getMetricsAsJSON()).toEqual([]);
    expect(await inWorkSpan('slm', { id: EVENT, topic: 't', offset: 1, traceparent: '' }, 1, async () => 'done')).toBe(
      'done',
    );
  });

  it('have the path of the receiver, and headers whose values are decoded', () => {
    expect(
      given({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com:4318/',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20k, x-tenant=a=b',
      }),
    ).toMatchObject({
      url: 'https://otel.example.com:4318/v1/traces',
      headers: { authorization: 'Bearer k', 'x-tenant': 'a=b' },
    });
  });

  it.each([
    ['always_off', 1, 0],
    ['traceidratio', 0, 0],
    ['parentbased_always_on', 0, 20],
    ['always_on', 0, 20],
  ] as const)('sample the requests of a gateway: %s %d', async (sampler, ratio, expected) => {
    const { spans } = start({ ...settings, sampler, ratio });
    for (let nth = 0; nth < 20; nth += 1) tracerInUse()?.startSpan('GET /v1/sessions').end();
    // What a gateway has sampled is followed everywhere.
    traceAppended([traced(COMMAND, COMMAND)], Date.now());
    expect(await spans()).toHaveLength(expected + 1);
  });
});
