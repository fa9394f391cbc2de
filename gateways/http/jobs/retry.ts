import type { z } from 'zod';
import type { JobRetry } from '../../../schemas/generated/records.ts';
import type { retry } from './schemas.ts';

type RetryBody = z.output<typeof retry>;

/** Returns how failed runs are repeated, from a body; null when it says nothing. */
export const retryOf = (body: RetryBody | null | undefined): JobRetry | null =>
  body == null
    ? null
    : { attemptsMax: body.attempts_max, firstDelayMs: body.first_delay_ms, delayMaxMs: body.delay_max_ms };

/** Returns how failed runs are repeated, as a body. */
export const retryBody = ({ attemptsMax, firstDelayMs, delayMaxMs }: JobRetry): RetryBody => ({
  ...{ attempts_max: attemptsMax, first_delay_ms: firstDelayMs, delay_max_ms: delayMaxMs },
});
