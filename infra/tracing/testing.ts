import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Registry } from 'prom-client';
import type { OutgoingRecord } from '../kafka/port.ts';
import type { TracingConfig } from './settings.ts';
import { startTracing } from './start.ts';

export const settings: TracingConfig = {
  ...{ url: 'http://127.0.0.1:4318/v1/traces', headers: {}, sampler: 'parentbased_always_on', ratio: 1 },
  queueSpansMax: 1_000,
};

/** Begins to trace into memory, and returns what was exported. */
export function traceInto(config: TracingConfig = settings) {
  const exporter = new InMemorySpanExporter();
  const register = new Registry();
  const tracing = startTracing(config, 'test', register, () => exporter);
  return {
    register,
    close: () => tracing.close(),
    spans: async (): Promise<readonly ReadableSpan[]> => {
      await tracing.flush();
      return exporter.getFinishedSpans();
    },
  };
}

/** The trace of the records of a test. */
export const TRACE = 'a'.repeat(32);
const digits = (id: string): string => id.replaceAll('-', '').slice(0, 16);

/** Returns a record of a trace. */
export const traced = (
  id: string,
  causationId: string,
  over: Partial<OutgoingRecord> = {},
  headers: Readonly<Record<string, string>> = {},
): OutgoingRecord => ({
  ...{ topic: 'policy.decisions', partition: 0, key: 'k', value: Buffer.from('five!') },
  headers: {
    ...{ ce_id: id, ce_causationid: causationId, ce_correlationid: id, ce_type: 'khipu.policy.PolicyDecided' },
    ...{ ce_source: 'khipu/policy', ce_tenantid: 'demo', traceparent: `00-${TRACE}-${digits(id)}-01` },
    ...headers,
  },
  ...over,
});
