import { type Logger, pino } from 'pino';

export type { Logger };

/** Structured log of one role: JSON lines on stdout, times in RFC 3339, never a secret. */
export const createLogger = (role: string, level: string): Logger =>
  pino({
    level,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['*.authorization', '*.password', '*.apiKey', '*.token', 'headers.authorization'],
  });
