import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Names of fields that are redacted in the first three levels of a logged object. URLs contain passwords. */
const SECRET = ['authorization', 'password', 'apiKey', 'token', 'privateKey', 'databaseUrl', 'redisUrl'];
const redact = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Returns the ids of the span that this code runs in; nothing while nothing is traced. */
function spanFields(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}

/** Creates the structured log of one role: JSON lines on stdout, times in RFC 3339, secrets redacted. */
export const createLogger = (role: string, level: string, destination?: DestinationStream): Logger =>
  pino(
    { level, base: { role, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, redact, mixin: spanFields },
    ...(destination === undefined ? [] : [destination]),
  );
