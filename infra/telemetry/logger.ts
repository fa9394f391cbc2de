import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Names of what is never written, wherever it stands in the first three levels of what is logged. URLs hold passwords. */
const SECRET = ['authorization', 'password', 'apiKey', 'token', 'privateKey', 'databaseUrl', 'redisUrl'];
const redact = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** Structured log of one role: JSON lines on stdout, times in RFC 3339, never a secret. */
export const createLogger = (role: string, level: string, destination?: DestinationStream): Logger =>
  pino(
    { level, base: { role, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, redact },
    ...(destination === undefined ? [] : [destination]),
  );
