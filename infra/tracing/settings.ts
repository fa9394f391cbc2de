import { z } from 'zod';
import { ConfigError } from '../kit/config-error.ts';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Environment variables of tracing, as the OpenTelemetry specification names them. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('http(s) URL of an OTLP receiver, without /v1/traces; with it, this process exports traces'),
  OTEL_EXPORTER_OTLP_HEADERS: z
    .string()
    .regex(/^[^=,\s]+=[^,]*(,[^=,\s]+=[^,]*)*$/)
    .optional()
    .describe('headers for that receiver, such as authorization=Bearer%20…, comma-separated, values percent-encoded'),
  OTEL_TRACES_SAMPLER: z
    .enum(SAMPLERS)
    .default('parentbased_always_on')
    .describe(
      `which requests a gateway traces: ${SAMPLERS.join(', ')}; the parentbased ones follow the traceparent of the client`,
    ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('share of the traces that a sampler with traceidratio takes, 0 to 1'),
  OTEL_BSP_MAX_QUEUE_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(20_000)
    .describe('spans that wait for their export, 1 to 1000000; further ones are dropped, and counted'),
};

type TracingVariables = z.infer<z.ZodObject<typeof tracingVariables>>;

/** Where the traces of a process go, and which requests are traced. */
export interface TracingConfig {
  /** URL of the receiver with its path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sampler: (typeof SAMPLERS)[number];
  readonly ratio: number;
  readonly queueSpansMax: number;
}

/** Returns the settings of tracing; null when no receiver is set. Throws ConfigError. */
export function tracingOf(v: TracingVariables): TracingConfig | null {
  if (v.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  return {
    url: `${v.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`,
    headers: Object.fromEntries((v.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').flatMap(headerOf)),
    sampler: v.OTEL_TRACES_SAMPLER,
    ratio: v.OTEL_TRACES_SAMPLER_ARG,
    queueSpansMax: v.OTEL_BSP_MAX_QUEUE_SIZE,
  };
}

function headerOf(pair: string): readonly (readonly [string, string])[] {
  if (pair === '') return [];
  const at = pair.indexOf('=');
  try {
    return [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
  } catch {
    throw new ConfigError('OTEL_EXPORTER_OTLP_HEADERS: expected percent-encoded values');
  }
}
