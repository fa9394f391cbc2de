import { type SpanContext, TraceFlags } from '@opentelemetry/api';

/** A `traceparent` of version 00. Source: W3C Trace Context, 3.2. */
const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
/** Place of the last digit of the flags: its lowest bit is `sampled`. */
const FLAGS_END = 54;

/** Returns true when the writer of a `traceparent` traces. False without one. */
export const isSampled = (traceparent: string | undefined): traceparent is string =>
  traceparent !== undefined && (Number.parseInt(traceparent.charAt(FLAGS_END), 16) & 1) === 1;

/** Returns the span that a `traceparent` names; undefined for an invalid one. */
export function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** Returns the `traceparent` of a span. */
export const traceparentOf = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

const digitsOf = (uuid: string): string => uuid.replaceAll('-', '');

/** Returns the trace id that derives from a UUID. */
export const traceIdOf = digitsOf;

/** Returns the span id that derives from a UUID: of a record, the span id in its `traceparent`. */
export const spanIdOf = (uuid: string): string => digitsOf(uuid).slice(0, 16);
