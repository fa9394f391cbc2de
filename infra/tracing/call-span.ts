import { type Attributes, SpanKind, trace } from '@opentelemetry/api';
import { failSpan } from './read-spans.ts';
import { tracerInUse } from './start.ts';

/** Adds what is known at the end of a call to its span. */
export type NoteOnCall = (attributes: Attributes) => void;

/**
 * Runs a call of a model or a tool inside of a span of its own, a child of the run that makes it. Attributes without a value
 * are left out.
 */
export async function inCallSpan<T>(
  name: string,
  attributes: Attributes,
  call: (note: NoteOnCall) => Promise<T>,
): Promise<T> {
  const tracer = tracerInUse();
  if (tracer === null || trace.getActiveSpan() === undefined) return call(() => undefined);
  return tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, startTime: Date.now(), attributes }, async (span) => {
    try {
      const result = await call((more) => span.setAttributes(more));
      span.end(Date.now());
      return result;
    } catch (error) {
      failSpan(span, error);
      throw error;
    }
  });
}
