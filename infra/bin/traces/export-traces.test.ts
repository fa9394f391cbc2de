import { afterEach, beforeEach, expect, it } from 'vitest';
import { allTopics } from '../../../schemas/topics.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../../tests/support/otlp-receiver.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { localDecoder } from '../../runner/testing/processors.ts';
import { settings, TRACE, traced } from '../../tracing/testing.ts';
import { exportTraces, type TracesToExport } from './export-traces.ts';

const COMMAND = '11111111-1111-5111-8111-111111111111';
const DECISION = '22222222-2222-5222-8222-222222222222';
const UNSAMPLED = '33333333-3333-5333-8333-333333333333';
const OTHER = 'b'.repeat(32);
const span = (id: string): string => id.replaceAll('-', '').slice(0, 16);

let receiver: OtlpReceiver;
let log: MemoryLog;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
  log = new MemoryLog();
  await log.createTopics(allTopics.map(({ name }) => ({ name, partitions: 1, config: {} })));
  const appender = await log.appender();
  await appender.append([
    traced(COMMAND, COMMAND, { topic: 'sessions.commands', timestampMs: 1_000 }),
    traced(DECISION, COMMAND, { topic: 'policy.decisions', timestampMs: 2_000 }),
    traced(UNSAMPLED, UNSAMPLED, { timestampMs: 3_000 }, { traceparent: `00-${OTHER}-${span(UNSAMPLED)}-00` }),
  ]);
});
afterEach(() => receiver.close());

const exported = (over: Partial<TracesToExport> = {}) =>
  exportTraces(
    { log, decoder: localDecoder() },
    { ...settings, url: `${receiver.url}/v1/traces`, headers: { 'x-key': 'k' } },
    { fromMs: 0, untilMs: 10_000, unsampled: false, ...over },
  );

it('the records of a time are spans with their own ids, at the time at which the log took them', async () => {
  expect(await exported()).toEqual({ records: 2, traces: 1 });
  const shapes = receiver.spans.map(({ traceId, spanId, parentSpanId, startNs, endNs }) => [
    ...[traceId, spanId, parentSpanId, startNs, endNs],
  ]);
  expect(shapes.toSorted()).toEqual([
    [TRACE, span(COMMAND), '', 1_000_000_000n, 1_000_000_000n],
    [TRACE, span(DECISION), span(COMMAND), 2_000_000_000n, 2_000_000_000n],
  ]);
  expect(receiver.headers[0]).toMatchObject({ 'x-key': 'k', 'content-type': 'application/x-protobuf' });
});

it('a time leaves out what came before it, and from its end on', async () => {
  expect(await exported({ fromMs: 1_500, untilMs: 2_001 })).toEqual({ records: 1, traces: 1 });
  expect(await exported({ fromMs: 1_000, untilMs: 2_000 })).toEqual({ records: 1, traces: 1 });
});

it.each([
  ['one that is named', { traceId: OTHER }, 1],
  ['all', { unsampled: true }, 3],
] as const)('traces that were not sampled are exported on request: %s', async (_, over, records) => {
  expect((await exported(over)).records).toBe(records);
  expect(receiver.spans).toHaveLength(records);
  expect(receiver.spans.some(({ traceId }) => traceId === OTHER)).toBe(true);
});

it('a receiver that refuses the spans is an error', async () => {
  await receiver.close();
  receiver = await startOtlpReceiver(401);
  await expect(exported()).rejects.toMatchObject({ code: 'TRACES_REFUSED' });
});
