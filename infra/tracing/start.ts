import { context, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Registry } from 'prom-client';
import { SCHEMA_URL, SCOPE } from './conventions.ts';
import { ExportQueue } from './export-queue.ts';
import { samplerOf } from './sampler.ts';
import type { TracingConfig } from './settings.ts';
import { spanIds } from './span-ids.ts';

/** Links of one span: a transaction has a link for each of its records. */
const LINKS_MAX = 2_000;

let inUse: Tracer | null = null;

/** Returns the tracer of this process; null while it traces nothing, which is the default. */
export const tracerInUse = (): Tracer | null => inUse;

/** The tracing of a process. */
export interface Tracing {
  /** Exports the spans that ended. Rejects with the first error of the receiver when it does not take all of them. */
  flush(): Promise<void>;
  /** Exports the spans that ended, then traces nothing any more. Never rejects: a receiver that is away loses them. */
  close(): Promise<void>;
}

const OFF: Tracing = { flush: async () => undefined, close: async () => undefined };

/**
 * Begins to trace, once a process. Does nothing without a config. `role` names the process in `service.name`, unless
 * OTEL_SERVICE_NAME does; OTEL_RESOURCE_ATTRIBUTES adds to it.
 */
export function startTracing(
  config: TracingConfig | null,
  role: string,
  register: Registry,
  exporterOf: (config: TracingConfig) => SpanExporter = otlp,
): Tracing {
  if (config === null) return OFF;
  const own = resourceFromAttributes({ 'service.name': `khipu-${role}`, 'service.instance.id': `${process.pid}` });
  const provider = new TracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: samplerOf(config),
    idGenerator: spanIds,
    spanProcessors: [new ExportQueue(exporterOf(config), config.queueSpansMax, register)],
    spanLimits: { linkCountLimit: LINKS_MAX },
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  inUse = provider.getTracer(SCOPE, undefined, { schemaUrl: SCHEMA_URL });
  return {
    flush: () =>
      provider.forceFlush().catch((thrown: unknown) => {
        throw Array.isArray(thrown) ? thrown[0] : thrown;
      }),
    close: async () => {
      inUse = null;
      trace.disable();
      context.disable();
      await provider.shutdown().catch(() => undefined);
    },
  };
}

const otlp = ({ url, headers }: TracingConfig): SpanExporter => new OTLPTraceExporter({ url, headers: { ...headers } });
