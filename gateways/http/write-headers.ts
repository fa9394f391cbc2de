import { z } from 'zod';
import { idempotencyKeySchema } from '../shared/idempotency.ts';

/** Headers that every write of a session takes. */
export const writeHeaders = z.looseObject({
  'idempotency-key': idempotencyKeySchema,
  prefer: z
    .string()
    .max(200)
    .optional()
    .meta({ description: '`respond-async` answers at once, `wait=<seconds>` bounds the wait (RFC 7240)' }),
});

/** Where the events of a session, or of one of its turns, are streamed. */
export const turnUrl = (sessionId: string, turnId: string | null): string =>
  `/v1/turn/${sessionId}${turnId === null ? '' : `?turn_id=${turnId}`}`;
